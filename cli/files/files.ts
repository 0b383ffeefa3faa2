/** Files that the user names. */
import { isUtf8 } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import { getSystemErrorMap } from "node:util";
import { UsageError } from "../exit.ts";
import { linkTo, regionOfInvalidByte } from "./position.ts";

export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`cannot read \`${file}\`: ${systemReason(error)}`);
  }
}

export function readText(file: string): string {
  const bytes = readBytes(file);
  if (!isUtf8(bytes)) throw new UsageError(`${linkTo(file, regionOfInvalidByte(bytes))}: expected UTF-8`);
  return bytes.toString("utf8");
}

export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`cannot write \`${file}\`: ${systemReason(error)}`);
  }
}

/** The system's reason in words; its own message names the file once more. */
export function systemReason(error: unknown): string {
  const { code, errno } = error as NodeJS.ErrnoException;
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  return (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? code;
}
