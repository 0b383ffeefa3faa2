/** The arithmetic under P-256 for tests: its bounds are the package's own business, and its main risk. */
import { Arena } from "as-bytes";
import { addMultiple, canonical, invert, multiply, square, subtract } from "as-crypto/assembly/p256-field";
import { invertScalar, multiplyScalars } from "as-crypto/assembly/p256-scalar";

export { addMultiple, canonical, invert, invertScalar, multiply, multiplyScalars, square, subtract };

const arena = Arena.create();

export function take(size: u32): usize {
  return arena.allocate(size);
}
