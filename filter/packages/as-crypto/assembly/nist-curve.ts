/** The curves P-384 and P-521 (SP 800-186 §3.2.1), one of them in hand at a time. */
import { TableShape } from "./key-table";
import { setPair } from "./pair-convert";
import { Field, P384_FIELD, P521_FIELD, PAIR_BYTES } from "./pair-field";
import { Order, P384_ORDER, P521_ORDER } from "./scalars";

/** b, and G's x and y, of P-384, as little-endian bytes. */
const P384_B = memory.data<u64>([
  0x2a85c8edd3ec2aef, 0xc656398d8a2ed19d, 0x0314088f5013875a, 0x181d9c6efe814112, 0x988e056be3f82d19,
  0xb3312fa7e23ee7e4, 0,
]);
const P384_G = memory.data<u64>([
  0x3a545e3872760ab7, 0x5502f25dbf55296c, 0x59f741e082542a38, 0x6e1d3b628ba79b98, 0x8eb1c71ef320ad74,
  0xaa87ca22be8b0537, 0x7a431d7c90ea0e5f, 0x0a60b1ce1d7e819d, 0xe9da3113b5f0b8c0, 0xf8f41dbd289a147c,
  0x5d9e98bf9292dc29, 0x3617de4a96262c6f, 0,
]);

/** b, and G's x and y, of P-521, as little-endian bytes. */
const P521_B = memory.data<u64>([
  0xef451fd46b503f00, 0x3573df883d2c34f1, 0x1652c0bd3bb1bf07, 0x56193951ec7e937b, 0xb8b489918ef109e1,
  0xa2da725b99b315f3, 0x929a21a0b68540ee, 0x953eb9618e1c9a1f, 0x0000000000000051, 0,
]);
const P521_G = memory.data<u64>([
  0xf97e7e31c2e5bd66, 0x3348b3c1856a429b, 0xfe1dc127a2ffa8de, 0xa14b5e77efe75928, 0xf828af606b4d3dba,
  0x9c648139053fb521, 0x9e3ecb662395b442, 0x858e06b70404e9cd, 0x94769fd1665000c6, 0x7086a272c24088be,
  0xb9013fad0761353c, 0x72995ef42640c550, 0xbd17273e662c97ee, 0x4449579b446817af, 0x5fb42c7d1bd998f5,
  0x6a789a3bc0045c8a, 0x0000000001183929, 0,
]);

const P384_TABLE = changetype<TableShape>(memory.data<u32>([6, 64, 96]));
const P521_TABLE = changetype<TableShape>(memory.data<u32>([4, 130, 132]));

/** The curves, by the name that RFC 7518 §6.2.1.1 gives them. */
export enum Curve {
  P384,
  P521,
}

// The curve in hand; `useCurve` sets it.
export let field: Field = P384_FIELD;
export let order: Order = P384_ORDER;
export let shape: TableShape = P384_TABLE;
export const b = memory.data(PAIR_BYTES, 16);

export function useCurve(curve: Curve): void {
  const isP384 = curve == Curve.P384;
  field = isP384 ? P384_FIELD : P521_FIELD;
  order = isP384 ? P384_ORDER : P521_ORDER;
  shape = isP384 ? P384_TABLE : P521_TABLE;
  const bytes = isP384 ? P384_B : P521_B;
  setPair(b, bytes, bytes, false, false, field);
}

/** G, in table form. */
export function basePoint(curve: Curve): usize {
  return curve == Curve.P384 ? P384_G : P521_G;
}
