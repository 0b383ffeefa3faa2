import { Arena } from "as-bytes";
import { RequestAttributes } from "../attributes/request";
import { PolicyTables } from "../compiled/tables";
import { Truths } from "../compiled/truths";
import { compareAttributes, matchAttribute } from "./match-attribute";

/** Notes the atoms that are true of the request itself, and comparisons; those of its tokens are `evaluateToken`'s. */
export function evaluateRequest(
  tables: PolicyTables,
  request: RequestAttributes,
  truths: Truths,
  arena: Arena,
): void {
  for (let index: u32 = 0; index < tables.indexes.length; index++) {
    const entry = tables.indexes.at(index);
    if (!entry.attribute.isRequestIdentity) matchAttribute(tables, entry, request, truths, arena);
  }
  for (let index: u32 = 0; index < tables.comparisons.length; index++)
    compareAttributes(tables.comparisons.at(index), request, truths, arena);
}

/**
 * Notes the atoms of the tokens that `request.auth` means in the request: of the token that the rule
 * numbered `token` accepted, or with FIRST_TOKEN of the first.
 */
export function evaluateToken(
  tables: PolicyTables,
  token: i32,
  request: RequestAttributes,
  truths: Truths,
  arena: Arena,
): void {
  for (let index: u32 = 0; index < tables.indexes.length; index++) {
    const entry = tables.indexes.at(index);
    if (entry.attribute.isRequestIdentity && entry.attribute.token == token)
      matchAttribute(tables, entry, request, truths, arena);
  }
}
