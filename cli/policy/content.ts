/** Policy files as people write them, well-formed or not. */
import { isUtf8 } from "node:buffer";
import { readBytes } from "../files/files.ts";

/** What a policy file holds: text, or bytes that are none, which the filter refuses. */
export type PolicyContent = string | Buffer;

export function readPolicy(file: string): PolicyContent {
  return contentOf(readBytes(file));
}

export function contentOf(bytes: Buffer): PolicyContent {
  return isUtf8(bytes) ? bytes.toString("utf8") : bytes;
}
