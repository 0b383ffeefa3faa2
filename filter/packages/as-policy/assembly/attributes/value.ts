import { ABSENT, Arena, Bytes, JsonKind, JsonValue, List, isPresent } from "as-bytes";

export enum ScalarType {
  TEXT,
  NUMBER,
  BOOLEAN,
}

/** A text, a number or a boolean. */
@unmanaged
export class Scalar {
  type: ScalarType;
  text: Bytes;
  /** Of a boolean, 1 or 0. */
  number: f64;

  static create(type: ScalarType, text: Bytes, number: f64, arena: Arena): Scalar {
    const scalar = changetype<Scalar>(arena.allocate(offsetof<Scalar>()));
    scalar.type = type;
    scalar.text = text;
    scalar.number = number;
    return scalar;
  }
}

/** A JSON text, number or boolean; null for anything else. */
export function scalarOf(json: JsonValue, arena: Arena): Scalar | null {
  if (json.isString()) return Scalar.create(ScalarType.TEXT, json.string(), 0, arena);
  if (json.isNumber()) return Scalar.create(ScalarType.NUMBER, ABSENT, json.number(), arena);
  if (json.isBoolean())
    return Scalar.create(ScalarType.BOOLEAN, ABSENT, json.kind == JsonKind.TRUE ? 1 : 0, arena);
  return null;
}

export enum Form {
  /** There is no such attribute, or it says nothing (a claim that is null). */
  ABSENT,
  /** One scalar. */
  SCALAR,
  /** Several, or a list of none. */
  LIST,
  /** There, and nothing that can be compared: an object, a list with other than scalars, an ambiguous text. */
  OTHER,
}

/** The value of an attribute in the request at hand, in the ways in which conditions look at it. */
@unmanaged
export class AttributeValue {
  form: Form;
  /** Where `form` is SCALAR: what `eq`, `lt` and their kin and `sameAs` compare. */
  whole: Scalar | null;
  /** Texts that `values` and `notValues` look at; of a request principal the issuer and the subject. */
  texts: List<Bytes>;
  /** What `anyOf`, `allOf` and `noneOf` look at. */
  elements: List<Scalar>;

  /** Room for so many texts and elements. */
  static create(form: Form, room: u32, arena: Arena): AttributeValue {
    const value = changetype<AttributeValue>(arena.allocate(offsetof<AttributeValue>()));
    value.form = form;
    value.texts = List.create<Bytes>(arena, room);
    value.elements = List.create<Scalar>(arena, room);
    return value;
  }

  static absent(arena: Arena): AttributeValue {
    return AttributeValue.create(Form.ABSENT, 0, arena);
  }

  static ofScalar(scalar: Scalar, arena: Arena): AttributeValue {
    const value = AttributeValue.create(Form.SCALAR, 1, arena);
    value.whole = scalar;
    value.elements.push(scalar);
    if (scalar.type == ScalarType.TEXT) value.texts.push(scalar.text);
    return value;
  }

  /** ABSENT is absent. */
  static ofText(text: Bytes, arena: Arena): AttributeValue {
    if (!isPresent(text)) return AttributeValue.absent(arena);
    return AttributeValue.ofScalar(Scalar.create(ScalarType.TEXT, text, 0, arena), arena);
  }

  static ofNumber(number: f64, arena: Arena): AttributeValue {
    return AttributeValue.ofScalar(Scalar.create(ScalarType.NUMBER, ABSENT, number, arena), arena);
  }

  /** One more text of a list. */
  add(text: Bytes, arena: Arena): void {
    this.texts.push(text);
    this.elements.push(Scalar.create(ScalarType.TEXT, text, 0, arena));
  }
}
