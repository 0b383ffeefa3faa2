import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { line } from "../output.ts";
import { keySet, mintKey, mintToken, type TokenOrder } from "../mint/index.ts";

/** What the mint signs with a private key. */
const ASYMMETRIC = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
] as const;

export function tokenCommand() {
  return new Command("token")
    .description("mint a test token; its keys follow from their names and protect nothing")
    .option("--issuer <url>", "claim iss", "https://idp.example.com")
    .option("--subject <name>", "claim sub", "alice")
    .option("--audience <name...>", "claim aud")
    .option("--claims <json>", "further claims, an object", parseObject)
    .addOption(new Option("--alg <name>", "algorithm").choices(ASYMMETRIC).default("RS256" as const))
    .option("--key <name>", "name of the key", "test")
    .option("--expires-in <seconds>", "from now; negative for an expired token", parseNumber, 300)
    .option("--jwks", "print the JWK Set that verifies instead")
    .action((options) => {
      if (options.jwks === true) {
        line(JSON.stringify(keySet(...ASYMMETRIC.map((algorithm) => mintKey(options.key, algorithm)))));
        return;
      }
      const order: TokenOrder = {
        issuer: options.issuer,
        subject: options.subject,
        key: options.key,
        alg: options.alg,
        expiresIn: options.expiresIn,
      };
      const [first, ...more] = options.audience ?? [];
      if (first !== undefined) order.audience = more.length === 0 ? first : [first, ...more];
      if (options.claims !== undefined) order.claims = options.claims;
      line(mintToken(order));
    });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below, as for what is JSON but no object.
  }
  throw new InvalidArgumentError('expected a JSON object like {"scope":"orders:read"}');
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value))
    throw new InvalidArgumentError("expected a whole number");
  return value;
}
