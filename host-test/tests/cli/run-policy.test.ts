/** `lictor run` with a real Envoy. */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keySet, mintKey, mintToken } from "lictor";
import { afterAll, describe, expect, test } from "vitest";
import { lictor, policies, runLictor } from "./lictor.ts";

const home = mkdtempSync(join(tmpdir(), "lictor-run-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A document that allows the paths. */
const allowing = (...paths: string[]) =>
  JSON.stringify({
    apiVersion: "lictor/v1",
    policies: [{ name: "p", rules: [{ to: [{ operation: { paths } }] }] }],
  });

describe("lictor run", () => {
  test("serves, prints decisions, takes a changed policy, refuses a bad one, and stops on SIGINT", async () => {
    const file = join(home, "run.json");
    const document = JSON.parse(readFileSync(join(policies, "public-health/policy.json"), "utf8"));
    writeFileSync(file, JSON.stringify(document));
    const run = await runLictor(file);
    expect(await (await fetch(`${run.address}/healthz`)).text()).toBe("hello");
    expect(await run.status("/new")).toBe(403);
    await run.seen("no_policy_allowed");
    document.policies[0].rules[0].to[0].operation.paths.push("/new");
    writeFileSync(file, JSON.stringify(document));
    await run.seen("run.json: pushed");
    expect(await run.status("/new")).toBe(200);
    writeFileSync(file, JSON.stringify({ ...document, polices: [] }));
    await run.seen(/lictor refused unknown_member at \/polices: .*; the document before it keeps serving/);
    writeFileSync(file, Buffer.from([0x7b, 0xff, 0x7d]));
    await run.seen("run.json:1:2: lictor refused not_utf8 at /");
    expect(await run.status("/new")).toBe(200);
    expect(await run.stop()).toBe(0);
    await expect(fetch(`${run.address}/healthz`)).rejects.toThrow();
  });

  test("takes a change of a link, of what it leads to, and of its folder, and says when the file is away", async () => {
    // As a kubelet mounts a ConfigMap.
    const mount = join(home, "mount");
    const version = (name: string, ...paths: string[]) => {
      mkdirSync(join(mount, name), { recursive: true });
      writeFileSync(join(mount, name, "policy.json"), allowing(...paths));
      symlinkSync(name, join(mount, "..data_tmp"));
      renameSync(join(mount, "..data_tmp"), join(mount, "..data"));
    };
    version("..1", "/one");
    const file = join(mount, "policy.json");
    symlinkSync("..data/policy.json", file);
    const run = await runLictor(file);
    expect(await run.status("/one")).toBe(200);

    version("..2", "/two");
    await run.seen("policy.json: pushed");
    expect(await run.status("/two")).toBe(200);

    writeFileSync(join(mount, "..2", "policy.json"), allowing("/three"));
    await run.seen("policy.json: pushed");
    expect(await run.status("/three")).toBe(200);

    rmSync(join(mount, "..data"));
    await run.seen("policy.json`: no such file or directory; the document keeps serving");
    expect(await run.status("/three")).toBe(200);
    version("..3", "/four");
    await run.seen("policy.json: can be read again");
    await run.seen("policy.json: pushed");
    expect(await run.status("/four")).toBe(200);
    expect(await run.stop()).toBe(0);
    expect(run.output().match(/no such file/g)).toHaveLength(1);
  });

  test("believes x-forwarded-for of as many proxies as it is told, by default of none", async () => {
    const file = join(home, "hops.json");
    const source = { remoteIpBlocks: ["203.0.113.0/24"] };
    const policy = { name: "p", rules: [{ from: [{ source }] }] };
    writeFileSync(file, JSON.stringify({ apiVersion: "lictor/v1", policies: [policy] }));
    const headers = { "x-forwarded-for": "203.0.113.7" };
    for (const [options, status] of [
      [[], 403],
      [["--trusted-hops", "1"], 200],
    ] as const) {
      const run = await runLictor(file, options);
      expect(await run.status("/", headers)).toBe(status);
      expect(await run.stop()).toBe(0);
    }
  });

  test.each(["-1", "1.5", "one", ""])("refuses --trusted-hops %j", (hops) => {
    const { status, stderr } = lictor([
      "run",
      "--policy",
      "a",
      "--upstream",
      "a:1",
      `--trusted-hops=${hops}`,
    ]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining("whole number") as string,
    });
  });

  test("takes keys from the variable that the document names, at the start and in a push", async () => {
    const issuer = "https://idp.example.com";
    const key = mintKey("secret", "HS256");
    const keys = JSON.stringify(keySet(key));
    const withKeys = (jwksEnv: string) =>
      JSON.stringify({
        apiVersion: "lictor/v1",
        jwtRules: [{ issuer, algorithms: ["HS256"], jwksEnv }],
        policies: [{ name: "p", rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }],
      });
    const authorization = `Bearer ${mintToken({ issuer, subject: "a", key, alg: "HS256" })}`;
    const file = join(home, "keys.json");
    writeFileSync(file, withKeys("FIRST_KEYS"));

    const refused = lictor(["run", "--policy", file, "--upstream", "127.0.0.1:1"]);
    expect(refused).toMatchObject({ status: 2, stdout: "" });
    expect(refused.stderr).toMatch(/keys\.json:1:\d+: the variable `FIRST_KEYS` is not set; /);

    const run = await runLictor(file, [], { FIRST_KEYS: keys, SECOND_KEYS: keys });
    expect(await run.status("/", { authorization })).toBe(200);
    writeFileSync(file, withKeys("THIRD_KEYS"));
    await run.seen(
      /keys\.json:1:\d+: the variable `THIRD_KEYS` is not set; .*; the document before it keeps serving/,
    );
    expect(await run.status("/", { authorization })).toBe(200);
    writeFileSync(file, withKeys("SECOND_KEYS"));
    await run.seen("keys.json: pushed");
    expect(await run.status("/", { authorization })).toBe(200);
    expect(await run.status("/")).toBe(401);
    expect(await run.stop()).toBe(0);
    expect(run.output()).not.toContain(key.signingKey.export({ format: "jwk" }).k);
  });
});
