/** Policy files, read and loaded through the same wasm that proxies run. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { getSystemErrorMap } from "node:util";
import { ConfigurationRefused, Host } from "lictor-host";
import { UsageError } from "./exit.ts";
import { linkTo } from "./position.ts";
import { regionOfRefusal } from "./refusal.ts";

/** The release build of the filter. */
export function modulePath(): string {
  return builtModule("lictor.wasm");
}

/** The decision as a library, which traces. */
export function toolsModulePath(): string {
  return builtModule("lictor.tools.wasm");
}

function builtModule(name: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "build", "out", name))) {
    if (folder === dirname(folder))
      throw new UsageError(`build/out/${name} is missing: run \`npm run build\``);
    folder = dirname(folder);
  }
  return join(folder, "build", "out", name);
}

export function readPolicy(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read \`${file}\`: ${whyUnreadable(error)}`);
  }
}

/** The system's reason in words; its own message names the file once more. */
function whyUnreadable(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  const number = (error as NodeJS.ErrnoException).errno;
  const known = number === undefined ? undefined : getSystemErrorMap().get(number);
  return known === undefined ? code : known[1];
}

/** The refusal of a file's document as people and editors read it: `file:line:col: lictor refused …`. */
export function refusalOf(file: string, document: string, refused: string): string {
  return `${linkTo(file, regionOfRefusal(refused, document))}: ${refused}`;
}

/** A host that runs the filter with the document; the line that refuses it, where it does not load. */
export async function loadPolicy(document: string): Promise<Host | { refused: string }> {
  try {
    return await Host.load(modulePath(), { configuration: document, nowMs: Date.now() });
  } catch (error) {
    if (!(error instanceof ConfigurationRefused)) throw error;
    return { refused: refusalIn(error.logs.map((entry) => entry.message)) };
  }
}

/** The filter's own words among lines of a log. */
export function refusalIn(lines: readonly string[]): string {
  for (const text of lines) {
    const at = text.indexOf("lictor refused ");
    if (at >= 0) return text.slice(at);
  }
  return lines.at(-1) ?? "the filter gave no reason";
}

/** What a document says of itself, from the gauge that proxies show. */
export interface DocumentInfo {
  revision: string;
  hash: string;
}

export function documentInfo(host: Host): DocumentInfo {
  const pattern = /^revision=\.=(.*?);\.;hash=\.=([0-9a-f]{64});\.;lictor_document_info$/;
  for (const name of host.metrics.names()) {
    const match = pattern.exec(name);
    if (match !== null) return { revision: match[1] ?? "", hash: match[2] ?? "" };
  }
  throw new Error("the filter announced no document");
}
