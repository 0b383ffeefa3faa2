/** Paths and templates of Envoy's and Istio's own tests: what of them one policy means on both. */
import { expect, test } from "vitest";
import { describeVectors, readVectors } from "../support/vectors.ts";
import { decideLines, loadPolicy } from "./enforce.ts";

const head = (path: string): [string, string][] => [
  [":method", "GET"],
  [":path", path],
  [":authority", "a.test"],
];

/** What a document of one policy on `path` says: the refusal, or nothing. */
function load(path: string, members: object = {}): string | undefined {
  const policy = { name: "a", rules: [{ to: [{ operation: { paths: [path] } }] }] };
  return loadPolicy(JSON.stringify({ apiVersion: "lictor/v1", policies: [policy], ...members }));
}

/** What the loaded document says to a path: allow, or the reason. */
const verdictOn = (path: string): string => decideLines(head(path)).reason ?? "allow";

interface Row {
  in: string;
  out?: string;
  reject?: true;
}

const KEEP = { requests: { ambiguousPaths: "KEEP" } };

/** An operator is a whole segment here, as in Istio; in Envoy it may be a part of one, or a name may hold several. */
const PARTS_OF_SEGMENTS = {
  "/**.m3u8": "refused",
  "/**.mpd": "refused",
  "/*_suf": "refused",
  "/media/*.m4s": "refused",
  "/media/abcd/%10%20%30/{v1=*/%10%20}_suffix": "refused",
  "/{foo}/**.ts": "refused",
  "/{path=**}.m3u8": "refused",
  "/{version=api/*}/*": "refused",
};

/** Envoy takes five names of up to 16 bytes, and we as many as there are, of up to 32. */
const OTHER_TEMPLATES = {
  "/{var12345678901234=*}": "loads",
  "/{var1}/{var2}/{var3}/{var4}/{var5}/{var6}": "loads",
};

/**
 * An Envoy template in our words: `*`, `**`, `{name}`, `{name=*}` and `{name=**}`. Other captures and braces
 * stay as they are.
 */
function inOurWords(template: string): string {
  return template.replace(/\{(\w+)(?:=(\*\*?))?\}|\*\*?/g, (operator, name?: string, captured?: string) => {
    if (name === undefined) return `{${operator}}`;
    return captured === "**" ? "{**}" : `{${name}}`;
  });
}

describeVectors("tables/envoy_path.json", (path) => {
  const vectors = readVectors<{
    canonical_path: Row[];
    merge_slashes: Row[];
    unescape_slashes: Row[];
    remove_query_and_fragment: Row[];
    template_syntax: { template: string; valid: boolean }[];
    template_match: { path: string; template: string; match: boolean }[];
    glob_match: { op: string; segment: string; match: boolean }[];
    literal_match: { literal_pattern: string; path: string; match: boolean }[];
  }>(path);

  test.each([
    ["canonical_path", vectors.canonical_path, 16, 2],
    ["merge_slashes", vectors.merge_slashes, 10, 3],
    ["unescape_slashes", vectors.unescape_slashes, 7, 13],
  ])("what %s changes or refuses is ambiguous", (_, all, count, others) => {
    load("/*");
    // Others begin with no slash, and one row's outcome is no function of its path.
    const rows = all.filter((row) => row.in.startsWith("/") && !(row.in === "/xyz" && row.out === "/x/y/z"));
    const open = rows.filter((row) => row.out !== row.in && verdictOn(row.in) === "allow");
    expect(open.map((row) => row.in)).toEqual([]);
    expect([rows.length, all.length - rows.length]).toEqual([count, others]);
  });

  test("a path is compared without query and fragment", () => {
    const rows = vectors.remove_query_and_fragment.filter((row) => row.in !== "");
    for (const row of rows) {
      load(row.out!, KEEP);
      expect(verdictOn(row.in), row.in).toBe("allow");
    }
    expect(rows.length).toBe(16);
  });

  test("templates load where Envoy takes them, but for these", () => {
    const different: { [template: string]: string } = {};
    const rows = { valid: 0, invalid: 0, "no template": 0 };
    for (const { template, valid } of vectors.template_syntax) {
      const ours = inOurWords(template);
      if (!ours.includes("{")) {
        rows["no template"] += 1;
        continue;
      }
      rows[valid ? "valid" : "invalid"] += 1;
      const loads = load(ours) === undefined;
      if (loads !== valid) different[template] = loads ? "loads" : "refused";
    }
    expect(different).toEqual({ ...PARTS_OF_SEGMENTS, ...OTHER_TEMPLATES });
    expect(rows).toEqual({ valid: 36, invalid: 26, "no template": 4 });
  });

  test("templates match what Envoy's match, but for these", () => {
    const different: { [template: string]: string } = {};
    for (const { template, path: asked, match } of vectors.template_match) {
      const ours = inOurWords(template);
      const refusal = load(ours, KEEP);
      const verdict = refusal === undefined ? verdictOn(asked) : "refused";
      if ((verdict === "allow") !== match) different[template] = verdict;
    }
    const refused = Object.keys(PARTS_OF_SEGMENTS).filter((template) =>
      vectors.template_match.some((row) => row.template === template && row.match),
    );
    expect(different).toEqual(Object.fromEntries(refused.map((template) => [template, "refused"])));
    expect([vectors.template_match.length, refused.length]).toEqual([23, 5]);
  });

  test("a template's operators match what Envoy's match", () => {
    for (const { op, segment, match } of vectors.glob_match) {
      load(`/x/{${op}}`, KEEP);
      expect(verdictOn(`/x/${segment}`) === "allow", `${op} on ${segment}`).toBe(match);
    }
    expect(vectors.glob_match.length).toBe(12);
  });

  test("a literal is no regular expression", () => {
    for (const { literal_pattern: literal, path: asked, match } of vectors.literal_match) {
      for (const suffix of ["", "/{*}"]) {
        expect(load(`/${literal}${suffix}`), literal).toBeUndefined();
        const verdict = verdictOn(`/${asked}${suffix === "" ? "" : "/x"}`);
        expect(verdict === "allow", `${literal} on ${asked}`).toBe(match);
      }
    }
    expect(vectors.literal_match.length).toBe(12);
  });
});

describeVectors("tables/istio_path_normalization.json", (path) => {
  const { cases } = readVectors<{ cases: { mode: string; in: string; out: string }[] }>(path);

  test("a path that any of Istio's normalizations changes is ambiguous, and one more", () => {
    load("/*");
    const changed = new Set(cases.filter((row) => row.out !== row.in).map((row) => row.in));
    const asked = [...new Set(cases.map((row) => row.in))];
    const ambiguous = asked.filter((each) => verdictOn(each) === "path_ambiguous");
    // Servers of servlets read its first segment as `..`.
    expect(new Set(ambiguous)).toEqual(new Set([...changed, "/..;/admin"]));
    expect([asked.length, ambiguous.length]).toEqual([36, 13]);
  });

  test("what no normalization of the proxy changed is kept where a document keeps it", () => {
    const rows = cases.filter((row) => row.mode === "NONE");
    for (const row of rows) {
      load(row.out, KEEP);
      expect(verdictOn(row.in), row.in).toBe("allow");
    }
    expect(rows.length).toBe(14);
  });
});
