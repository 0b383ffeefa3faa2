/**
 * What documents, keys and the environment may take of a VM. Rows begin with the limit's file and name,
 * which `repository/limits.test.ts` looks for.
 */
import { describe, expect, test } from "vitest";
import { mintKey, mintToken } from "../mint/index.ts";
import { loadModule } from "../support/wasm.ts";
import { ISSUER, bearer, documentWith, lines, loadFilter, recordOf } from "./filter.ts";

const times = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => make(index));

const PAGE = 65_536;
/** 32 MiB. */
const PAGES = 512;
/** Pages that came back from earlier work and are used again before memory grows. */
const USED_AGAIN = 8;

interface Tools {
  loadPolicy(address: number, length: number): bigint;
}

/** Loads documents in a VM of its own; the refusal, and the pages that its memory grew by. */
function loader(): (document: string) => { refusal: string | undefined; grown: number } {
  const entry = loadModule<Tools>("lictor.tools.wasm");
  const pages = () => entry.exports.memory.buffer.byteLength / PAGE;
  return (document) => {
    const { address, length } = entry.put(Buffer.from(document));
    const before = pages();
    const line = BigInt.asUintN(64, entry.exports.loadPolicy(address, length));
    const text = Buffer.from(entry.get(Number(line & 0xffffffffn), Number(line >> 32n))).toString();
    return { refusal: line === 0n ? undefined : text, grown: pages() - before };
  };
}

/** The least count from `low` up, below `high`, whose document is refused like that. */
function firstRefused(low: number, high: number, make: (count: number) => string, refusal: string): number {
  const load = loader();
  let [taken, refused] = [low, high];
  while (refused - taken > 1) {
    const middle = (taken + refused) >> 1;
    if (load(make(middle)).refusal?.includes(refusal) === true) refused = middle;
    else taken = middle;
  }
  return refused;
}

describe("a document takes 32 MiB and no more:", () => {
  /** Each comma could part two values, and room for them is made before the text is read. */
  const commas = (count: number) => documentWith({ policies: [{ name: ",".repeat(count) }] });
  /** One rule a path, with all of the conditions each. */
  const multiplied = (paths: number) => {
    const operation = { paths: times(paths, (index) => `/a${index}/{x}`) };
    const when = times(100, () => ({ key: "request.path{x}", eq: "1" }));
    return documentWith({ policies: [{ name: "p", rules: [{ to: [{ operation }], when }] }] });
  };

  test.each([
    ["document.MAX_DOCUMENT_MEMORY", commas, 1_000_000, 4_000_000, "too_large at /: "],
    ["parse-policies.MAX_POLICY_MEMORY", multiplied, 500, 4_000, "too_large at /policies/0/rules/0: "],
  ])("%s", (_, make, low, high, refusal) => {
    const first = firstRefused(low, high, make, refusal);
    const past = loader()(make(first));
    expect(past.refusal).toContain(`lictor refused ${refusal}`);
    expect(past.grown).toBeGreaterThan(PAGES - USED_AGAIN);
    expect(past.grown).toBeLessThanOrEqual(PAGES + USED_AGAIN);
    expect(first).toBeGreaterThan(low + 1);
    expect(first).toBeLessThan(high);
  });
});

test("load-keys.MAX_KEY_TABLES: sixteen keys of a document get tables, whichever rule has them, and no more", async () => {
  const jwk = mintKey("test", "ES256").jwk;
  const pagesWith = async (count: number) => {
    const keys = times(count, (index) => ({ ...jwk, kid: `k${index}` }));
    const sets = [keys.slice(0, 8), keys.slice(8)];
    const jwtRules = sets.map((set, index) => ({ name: `r${index}`, issuer: ISSUER, jwks: { keys: set } }));
    return (await loadFilter(documentWith({ jwtRules, limits: { tokenCache: 0 } }))).pages();
  };
  const [fifteen, sixteen, seventeen] = [await pagesWith(15), await pagesWith(16), await pagesWith(17)];
  expect(sixteen - fifteen).toBeGreaterThan(1);
  expect(seventeen - sixteen).toBeLessThanOrEqual(1);
});

describe("the environment", () => {
  const key = mintKey("secret", "HS256");
  const KEYS = { CORP_JWKS: JSON.stringify({ keys: [key.jwk] }) };
  const jwtRules = [{ issuer: ISSUER, algorithms: ["HS256"], jwksEnv: "CORP_JWKS" }];
  const document = documentWith({ jwtRules });
  const token = mintToken({ issuer: ISSUER, subject: "a", key });
  const bytesOf = (environment: object) =>
    Object.entries(environment).reduce((sum, [name, value]) => sum + `${name}=${value}`.length + 1, 0);

  test.each([
    [
      "environment.MAX_VARIABLES: 4096 variables",
      4_096,
      (count: number) => ({ ...Object.fromEntries(times(count - 1, (index) => [`V${index}`, ""])), ...KEYS }),
    ],
    [
      "environment.MAX_ENVIRONMENT_BYTES: 4 MiB",
      4 << 20,
      (bytes: number) => ({ FILLER: "f".repeat(bytes - bytesOf({ ...KEYS, FILLER: "" })), ...KEYS }),
    ],
  ])("of %s is read, and one of more leaves the VM not ready", async (_, at, make) => {
    const decision = async (count: number) => {
      const host = await loadFilter(document, { environment: make(count) });
      const record = recordOf(host.request(lines("/a", bearer(token))));
      return record["reason"] ?? record["decision"];
    };
    expect([await decision(at), await decision(at + 1)]).toEqual(["allow", "not_ready"]);
  });

  test("read-limits.DEFAULT_TOKEN_CACHE: a thousand tokens are kept where the document does not say, and one more drives the oldest out", async () => {
    const host = await loadFilter(document, { engine: "wasmtime", environment: KEYS });
    const tokens = times(1_001, (index) => mintToken({ issuer: ISSUER, subject: `s${index}`, key }));
    const fuel = (text: string) => {
      const stream = host.request(lines("/a", bearer(text)));
      expect(recordOf(stream).decision).toBe("allow");
      return "fuel" in stream ? stream.fuel : 0;
    };
    /** What the first token costs after so many in all, in instructions. */
    const first = (count: number) => {
      host.push(documentWith({ revision: `c${count}`, jwtRules }));
      const cold = tokens.slice(0, count).map(fuel)[0]!;
      return { cold, again: fuel(tokens[0]!) };
    };
    const [kept, gone] = [first(1_000), first(1_001)];
    expect(kept.again).toBeLessThan(kept.cold * 0.7);
    expect(gone.again).toBeGreaterThan(gone.cold * 0.9);
  });
});
