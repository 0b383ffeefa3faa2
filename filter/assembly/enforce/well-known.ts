import { Arena, wordAt } from "as-bytes";
import { HeaderTable } from "as-policy";

/** Headers that every document reads, by their number in its table. */
export enum Header {
  METHOD,
  PATH,
  AUTHORITY,
  ORIGIN,
  ACCESS_CONTROL_REQUEST_METHOD,
  REQUEST_ID,
  TRACE_PARENT,
  COOKIE,
  FIRST_OVERRIDE,
}

const NAMES =
  ":method :path :authority origin access-control-request-method x-request-id traceparent cookie x-http-method-override x-http-method x-method-override x-original-url x-rewrite-url x-original-method";

/** One past the last header that restates method or path. */
export const END_OF_OVERRIDES: u32 = 14;

/** Gives the headers above their numbers; the table must be fresh. Overrides count in every spelling. */
export function internWellKnown(table: HeaderTable, arena: Arena): void {
  for (let index: u32 = 0; index < END_OF_OVERRIDES; index++) table.intern(wordAt(NAMES, index, arena));
  for (let header: u32 = Header.FIRST_OVERRIDE; header < END_OF_OVERRIDES; header++) table.alias(header);
}
