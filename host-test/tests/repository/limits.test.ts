import { expect, test } from "vitest";
import { listFiles, read } from "./files.ts";

/** `file.NAME` of each limit that the filter's sources name. */
function limitsIn(file: string): string[] {
  const stem = file.slice(file.lastIndexOf("/") + 1, -".ts".length);
  const names = read(file).matchAll(/^(?:export )?const ((?:MAX|MIN|DEFAULT)_\w+)(?:: \w+)? = (?!")/gm);
  return [...names].map((match) => `${stem}.${match[1]!}`);
}

const limits = listFiles()
  .filter((file) => file.startsWith("filter/") && file.endsWith(".ts"))
  .flatMap(limitsIn);

/** Without this one. */
const tests = listFiles().filter(
  (file) => file.endsWith(".test.ts") && !file.startsWith("host-test/tests/repository/"),
);

/** Limits whose tests do not name them: what stands in the test at the limit, and past it. */
const ELSEWHERE: { [limit: string]: [file: string, ...rows: string[]] } = {
  "load-document.MAX_DOCUMENT_BYTES": ["filter/documents", '"8 MiB"', '"8 MiB and a byte"'],
  "load-places.MAX_PLACES": ["filter/documents", '"32 places of tokens"', '"33 places of tokens"'],
  "parse-policies.MAX_POLICIES": ["filter/documents", '"20,000 policies"', '"20,001 policies"'],
  "parse-policies.MAX_RULES": ["filter/documents", '"20,000 rules"', '"20,001 rules"'],
  "parse-policies.MAX_VALUES": ["filter/documents", '"200,000 values"', '"200,001 values"'],
  "header-table.MAX_HEADER_NAMES": [
    "filter/documents",
    '"85 further header names"',
    '"86 further header names"',
  ],
  "parse-policies.MAX_COMPARISONS": ["filter/attacks", '"256 pairs in sameAs"', '"257 pairs in sameAs"'],
  "parse-response.MAX_RESPONSE_BODY_BYTES": [
    "filter/response",
    '"a body of 4096 bytes"',
    '"a body over 4096 bytes"',
  ],
  "parse-response.MAX_RESPONSE_HEADERS": ["filter/response", '"16 headers"', '"17 headers"'],
  "parse-response.MAX_RESPONSE_VALUE_BYTES": [
    "filter/response",
    '"a value of 1024 bytes"',
    '"a value over 1024 bytes"',
  ],
  "rsa-key.MIN_MODULUS_BITS": ["crypto/rsa", 'name: "2048 bits"', 'name: "2047 bits"'],
  "rsa-key.MAX_MODULUS_BITS": ["crypto/rsa", 'name: "8192 bits"', 'name: "8193 bits"'],
  "rsa-key.MIN_EXPONENT": ["crypto/rsa", 'name: "e = 3"', 'name: "e = 1"'],
  "rsa-key.MAX_EXPONENT": ["crypto/rsa", 'name: "e = 2^33 − 1"', 'name: "e = 2^33 + 1"'],
  "rsa-key.MAX_EXPONENT_BYTES": [
    "crypto/rsa",
    'name: "e = 2^33 − 1"',
    'name: "an exponent of six bytes"',
    'name: "an exponent of nine bytes"',
  ],
  "pairs.MAX_PAIRS": ["sdk/guards", "pairs: 1024", "pairs: 1025"],
  "pairs.MAX_PAIRS_BYTES": ["sdk/guards", "bytes: 1 << 20", "bytes: (1 << 20) + 1"],
};

/** Room that follows from a limit or an algorithm: nothing that comes in can ask for more. */
const SIZES = [
  "numbers.MAX_WORDS",
  "p256-element.MAX_ELEMENT_BYTES",
  "p256-sum.MAX_TERMS",
  "pair-columns.MAX_LIMBS",
  "random.MAX_RANDOM_BYTES",
  "record.MAX_ID_HEAD_BYTES",
  "rsa-fma-limbs.MAX_LIMBS",
  "rsa-limbs.MAX_BITS_OF_WIDE_LIMBS",
  "rsa-limbs.MAX_LIMBS",
  "sha2.MAX_DIGEST_BYTES",
];

const texts = tests.map(read).join("\n");

/** Whether the name of a test, or of a row, begins with it. */
const isNamed = (limit: string) => new RegExp(`["'\`]${limit.replace(".", "\\.")}\\b`).test(texts);

test("every limit of the filter has a test at it and one past it", () => {
  expect(limits.length).toBeGreaterThan(60);
  expect(new Set(limits).size).toBe(limits.length);
  const untested = limits.filter(
    (limit) => !isNamed(limit) && !(limit in ELSEWHERE) && !SIZES.includes(limit),
  );
  expect(untested).toEqual([]);
});

test("the tests elsewhere are there, and no limit is listed that does not exist", () => {
  for (const limit of [...Object.keys(ELSEWHERE), ...SIZES]) expect(limits).toContain(limit);
  for (const [limit, [file, ...rows]] of Object.entries(ELSEWHERE))
    for (const row of rows) expect(read(`host-test/tests/${file}.test.ts`), limit).toContain(row);
});
