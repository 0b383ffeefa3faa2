/**
 * `npm run demo`: a small mesh on loopback, a real identity provider, calls that are allowed and
 * denied, a breach at 2:13 a.m. and its containment. Exits 0 only if every verdict was as expected.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { EnvoyFailed, EnvoyNotFound, makeSeal, modulePath } from "lictor";
import { IdentityProvider } from "./identity-provider.ts";
import { Mesh } from "./mesh.ts";
import { documentOf, type Service } from "./policies.ts";
import { decisionTable, say } from "./report.ts";
import { breach, everydayCalls, missingFilter, type Stage } from "./story.ts";

const progress = (line: string) => process.stderr.write(`lictor: ${line}\n`);
let stop = async () => {};

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void stop().finally(() => process.exit(130));
  });
}

async function main(): Promise<boolean> {
  const provider = await IdentityProvider.start();
  stop = () => provider.stop();
  const quarantined: Service[] = [];
  const options = { issuer: provider.issuer, keys: await provider.keys(), seal: makeSeal(), quarantined };
  progress("starting three services, each behind its own Envoy");
  const mesh = await Mesh.start({
    wasm: modulePath(),
    seal: options.seal,
    documentOf: (service) => documentOf(service, options),
    progress,
  });
  stop = async () => {
    await Promise.all([mesh.stop(), provider.stop()]);
  };
  const stage: Stage = { mesh, provider, quarantined };
  const agrees = [await everydayCalls(stage), await breach(stage), await missingFilter(stage)];
  await sleep(200); // The access logs of the last requests.
  decisionTable(mesh.log);
  return agrees.every(Boolean);
}

try {
  const agrees = await main();
  say(agrees ? "\nEvery verdict was as expected." : "\nSome verdicts were not as expected.");
  process.exitCode = agrees ? 0 : 1;
} catch (error) {
  const known = error instanceof EnvoyNotFound || error instanceof EnvoyFailed;
  process.stderr.write(
    `lictor: error: ${known ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exitCode = 3;
} finally {
  await stop();
}
