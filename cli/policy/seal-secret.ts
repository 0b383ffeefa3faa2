/** The secret that the filter and the check behind it share, in documents. */
import { randomBytes } from "node:crypto";
import { UsageError } from "../exit.ts";
import type { PolicyContent } from "./content.ts";

export function makeSeal(): string {
  return randomBytes(24).toString("base64url");
}

/** The document's own seal; undefined where it has none, or is no JSON text, which is for the filter to say. */
export function sealOf(document: PolicyContent): string | undefined {
  const seal = memberSeal(document);
  if (seal === "")
    throw new UsageError("the document's seal is empty: leave it out, or give it 16 characters or more");
  return typeof seal === "string" ? seal : undefined;
}

/**
 * The document with `seal`, unless it has its own, or one that the filter refuses. The member goes in as
 * text, so that the filter still sees whatever is wrong with the rest, a duplicate member for one.
 */
export function withSeal(document: PolicyContent, seal: string): PolicyContent {
  if (typeof document !== "string" || memberSeal(document) !== undefined) return document;
  const brace = document.indexOf("{");
  if (brace < 0 || !/^\s*$/.test(document.slice(0, brace))) return document;
  const isEmpty = /^\s*\}/.test(document.slice(brace + 1));
  return `${document.slice(0, brace + 1)}"seal":${JSON.stringify(seal)}${isEmpty ? "" : ","}${document.slice(brace + 1)}`;
}

function memberSeal(document: PolicyContent): unknown {
  if (typeof document !== "string") return undefined;
  try {
    return (JSON.parse(document) as { seal?: unknown }).seal;
  } catch {
    return undefined;
  }
}
