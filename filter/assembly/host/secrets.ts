import { Arena, addressOf, bytesAt, isPresent, lengthOf } from "as-bytes";
import { environmentVariable, hostAddress, hostLength, isValue } from "proxy-wasm-assemblyscript-sdk";
import { Document, JwtRule, loadSecretKeys } from "../enforce";
import { reportNotReady } from "./not-ready";

/**
 * Reads the keys that the document leaves to the VM's environment. False where one is missing or no key
 * set: the document is as it should be, so it is not refused, but this VM cannot serve it.
 */
export function readSecrets(document: Document, arena: Arena): bool {
  for (let index: u32 = 0; index < document.jwtRules.length; index++) {
    const rule = document.jwtRules.at(index);
    if (isPresent(rule.keysVariable) && !readKeys(rule, arena)) {
      reportNotReady("a variable that jwksEnv names holds no usable JWK Set");
      return false;
    }
  }
  return true;
}

function readKeys(rule: JwtRule, arena: Arena): bool {
  const variable = environmentVariable(addressOf(rule.keysVariable), lengthOf(rule.keysVariable));
  if (!isValue(variable)) return false;
  // The host's memory ends with the callback; ids of keys are parts of the text.
  const length = hostLength(variable);
  const copy = arena.take(length);
  memory.copy(copy, hostAddress(variable), length);
  return loadSecretKeys(rule, bytesAt(copy, length), arena);
}
