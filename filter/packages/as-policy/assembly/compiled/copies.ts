import { Arena, Bytes, List, copyBytes } from "as-bytes";
import { Attribute } from "../attributes/attribute";
import { PolicyResponse, ResponseHeader } from "../document/policy";
import { Pattern } from "../patterns/pattern";

// What tables keep of a document: the text that it came as does not stay.

export function copyAttribute(attribute: Attribute, arena: Arena): Attribute {
  const copy = changetype<Attribute>(arena.allocate(offsetof<Attribute>()));
  memory.copy(changetype<usize>(copy), changetype<usize>(attribute), offsetof<Attribute>());
  copy.key = copyBytes(attribute.key, arena);
  copy.next = null;
  const names = attribute.names;
  if (names === null) return copy;
  const namesCopy = List.create<Bytes>(arena, names.length);
  for (let index: u32 = 0; index < names.length; index++) namesCopy.push(copyBytes(names.at(index), arena));
  copy.names = namesCopy;
  return copy;
}

export function copyPattern(pattern: Pattern, arena: Arena): Pattern {
  const copy = changetype<Pattern>(arena.allocate(offsetof<Pattern>()));
  memory.copy(changetype<usize>(copy), changetype<usize>(pattern), offsetof<Pattern>());
  copy.text = copyBytes(pattern.text, arena);
  const subject = pattern.subject;
  if (subject !== null) copy.subject = copyPattern(subject, arena);
  return copy;
}

export function copyResponse(response: PolicyResponse | null, arena: Arena): PolicyResponse | null {
  if (response === null) return null;
  const copy = changetype<PolicyResponse>(arena.allocate(offsetof<PolicyResponse>()));
  copy.status = response.status;
  copy.body = copyBytes(response.body, arena);
  copy.headers = List.create<ResponseHeader>(arena, response.headers.length);
  for (let index: u32 = 0; index < response.headers.length; index++) {
    const header = response.headers.at(index);
    const headerCopy = changetype<ResponseHeader>(arena.allocate(offsetof<ResponseHeader>()));
    headerCopy.name = copyBytes(header.name, arena);
    headerCopy.value = copyBytes(header.value, arena);
    copy.headers.push(headerCopy);
  }
  return copy;
}
