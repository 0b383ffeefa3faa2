import { Arena, Bytes, JsonValue, addressOf, equal, lengthOf, part, startsWithText } from "as-bytes";

const PATH_NAME = "request.path{";
const PATH_NAME_BYTES: u32 = 13;
const SLASH: u8 = 0x2f;
const OPEN: u32 = 0x7b;
const CLOSE: u32 = 0x7d;

/** Whether a condition of the rule uses a name that the rule's paths bind. Any value will do: nothing is read yet. */
export function usesPathNames(rule: JsonValue): bool {
  const conditions = rule.memberNamed("when");
  if (conditions === null || !conditions.isArray()) return false;
  let condition = conditions.first();
  for (let left = conditions.count(); left > 0; left--) {
    if (isPathName(condition.memberNamed("key")) || isPathName(condition.memberNamed("sameAs"))) return true;
    condition = condition.next();
  }
  return false;
}

function isPathName(value: JsonValue | null): bool {
  return value !== null && value.isString() && startsWithText(value.string(), PATH_NAME);
}

/** `name` of `request.path{name}`, which `text` begins like; empty where it does not end like that. */
export function nameInKey(text: Bytes): Bytes {
  const length = lengthOf(text);
  if (length <= PATH_NAME_BYTES || load<u8>(addressOf(text) + length - 1) != CLOSE) return part(text, 0, 0);
  return part(text, PATH_NAME_BYTES, length - 1);
}

/** Which segment of a path template `{name}` is, from 0, or -1. */
export function segmentNamed(template: Bytes, name: Bytes): i32 {
  const address = addressOf(template);
  const length = lengthOf(template);
  let segment: i32 = -1;
  for (let at: u32 = 0; at < length; at++) {
    if (load<u8>(address + at) != SLASH) continue;
    segment += 1;
    const end = at + 1 + lengthOf(name) + 2;
    if (end > length || load<u8>(address + at, 1) != OPEN || load<u8>(address + end - 1) != CLOSE) continue;
    if (equal(part(template, at + 2, end - 1), name)) return segment;
  }
  return -1;
}

export function countPaths(rule: JsonValue): u32 {
  const working = Arena.create();
  const paths = PathCursor.create(rule, working);
  let count: u32 = 0;
  while (paths.next()) count += 1;
  working.release();
  return max<u32>(count, 1);
}

/** Walks the values of `paths` in the operations of a rule, whatever else the rule is like. */
@unmanaged
export class PathCursor {
  /** The operation, and the path of it, that the cursor is at. */
  operation: JsonValue | null;
  path: JsonValue | null;
  /** An operation without `paths` was passed. */
  missing: bool;
  private nextOperation: JsonValue | null;
  private operationsLeft: u32;
  private pathsLeft: u32;

  static create(rule: JsonValue, arena: Arena): PathCursor {
    const cursor = changetype<PathCursor>(arena.allocate(offsetof<PathCursor>()));
    const to = rule.memberNamed("to");
    if (to === null || !to.isArray()) return cursor;
    cursor.operationsLeft = to.count();
    cursor.nextOperation = to.first();
    return cursor;
  }

  next(): bool {
    const path = this.path;
    if (path !== null && this.pathsLeft > 1) {
      this.pathsLeft -= 1;
      this.path = path.next();
      return true;
    }
    while (this.operationsLeft > 0) {
      const wrapper = this.nextOperation!;
      this.operationsLeft -= 1;
      this.nextOperation = wrapper.next();
      const operation = wrapper.memberNamed("operation");
      let paths: JsonValue | null = null;
      if (operation !== null) paths = operation.memberNamed("paths");
      if (paths === null || !paths.isArray() || paths.count() == 0) {
        this.missing = true;
        continue;
      }
      this.operation = operation;
      this.path = paths.first();
      this.pathsLeft = paths.count();
      return true;
    }
    return false;
  }
}
