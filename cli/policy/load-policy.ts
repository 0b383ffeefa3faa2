/** Policies, loaded through the same wasm that proxies run. */
import { ConfigurationRefused, Host } from "lictor-host";
import { modulePath, toolsModulePath } from "../repository.ts";
import { ToolsModule } from "../trace/tools-module.ts";
import type { PolicyContent } from "./content.ts";
import { keyVariables, valuesOf } from "./key-variables.ts";
import { refusalIn } from "./refusal.ts";

/** The filter with a document. */
export interface LoadedPolicy {
  host: Host;
  text: string;
}

/** The filter with the document; the line that refuses it, where it does not load. */
export async function loadPolicy(document: PolicyContent): Promise<LoadedPolicy | { refused: string }> {
  const environment = valuesOf(keyVariables(document));
  try {
    const host = await Host.load(modulePath(), { configuration: document, environment, nowMs: Date.now() });
    return { host, text: document.toString() };
  } catch (error) {
    if (!(error instanceof ConfigurationRefused)) throw error;
    // The host keeps a character for each byte.
    const lines = error.logs.map(({ message }) => Buffer.from(message, "latin1").toString());
    return { refused: refusalIn(lines) };
  }
}

/** What a document that loads says of itself. */
export interface DocumentInfo {
  revision: string;
  /** As records and metrics have it. */
  hash: string;
}

export function documentInfo(text: string): DocumentInfo {
  const tools = ToolsModule.load(toolsModulePath());
  tools.loadPolicy(text);
  const { revision = "" } = JSON.parse(text) as { revision?: string };
  return { revision, hash: tools.documentHash() };
}
