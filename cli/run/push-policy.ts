/** The policy document of a running Envoy: what is pushed has loaded here before, with its keys. */
import { join } from "node:path";
import { pushPlugin, type Plugin } from "../envoy/plugin.ts";
import type { EnvoyProcess } from "../envoy/process.ts";
import { pushAndWait } from "../envoy/push.ts";
import { UsageError } from "../exit.ts";
import { errorLine, progress } from "../output.ts";
import { contentOf, type PolicyContent } from "../policy/content.ts";
import { keyVariables, valuesOf } from "../policy/key-variables.ts";
import { readyPolicy } from "../policy/ready-policy.ts";
import { makeSeal, sealOf, withSeal } from "../policy/seal-secret.ts";
import { modulePath } from "../repository.ts";

const KEPT = "the document before it keeps serving";

export class PolicyPush {
  readonly secret: string;
  readonly #file: string;
  #text: string;
  #plugin: Plugin;
  /** The document has gone to fresh VMs already. */
  #renewed = false;
  /** Names VMs: see `Plugin.vmId`. */
  #generation = 0;

  private constructor(file: string, secret: string, text: string) {
    this.#file = file;
    this.secret = secret;
    this.#text = text;
    this.#plugin = this.#pluginOf(text);
  }

  /** With the document that the file holds at the start; throws what is wrong with it. */
  static async of(file: string, content: PolicyContent): Promise<PolicyPush> {
    const secret = sealOf(content) ?? makeSeal();
    const { text } = await readyPolicy(file, withSeal(content, secret), content);
    return new PolicyPush(file, secret, text);
  }

  /** Where Envoy, whose folder is given, finds the document. */
  static path(folder: string): string {
    return join(folder, "lictor.ecds.json");
  }

  /** Puts the first document where Envoy will find it. */
  prepare(folder: string): void {
    pushPlugin(PolicyPush.path(folder), this.#plugin);
  }

  /** Pushes what the file holds now, and says what became of it. */
  async push(envoy: EnvoyProcess, bytes: Buffer): Promise<void> {
    try {
      const content = contentOf(bytes);
      if ((sealOf(content) ?? this.secret) !== this.secret)
        throw new UsageError(`${this.#file}: the seal must stay what it was at the start`);
      const { text } = await readyPolicy(this.#file, withSeal(content, this.secret), content);
      await this.#pushText(envoy, text);
    } catch (error) {
      const [first, ...more] =
        error instanceof UsageError ? error.lines : [`${this.#file}: ${String(error)}`];
      errorLine(`${first}; ${KEPT}`, ...more);
    }
  }

  /**
   * Gives the document to fresh VMs, once, where a worker turns out to have lost the filter: Envoy takes a
   * push when its main thread does, and leaves the filter out of a worker that cannot configure it.
   */
  async renew(envoy: EnvoyProcess): Promise<void> {
    if (this.#renewed) return;
    errorLine(`${this.#file}: a worker could not configure the filter and refuses requests`);
    try {
      await this.#pushToFreshVms(envoy);
    } catch (error) {
      errorLine(
        `${this.#file}: no push to fresh VMs: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  async #pushText(envoy: EnvoyProcess, text: string): Promise<void> {
    const path = PolicyPush.path(envoy.folder);
    this.#text = text;
    this.#plugin = this.#pluginOf(text);
    this.#renewed = false;
    const { accepted } = await pushAndWait(envoy, path, this.#plugin);
    if (accepted) progress(`${this.#file}: pushed`);
    // A VM that failed to configure in a worker refuses everything from then on, unless it gets a new name.
    else await this.#pushToFreshVms(envoy);
  }

  async #pushToFreshVms(envoy: EnvoyProcess): Promise<void> {
    this.#renewed = true;
    this.#generation += 1;
    this.#plugin = this.#pluginOf(this.#text);
    const { accepted, log } = await pushAndWait(envoy, PolicyPush.path(envoy.folder), this.#plugin);
    if (accepted) progress(`${this.#file}: pushed to fresh VMs`);
    else errorLine(`${this.#file}: Envoy refused the push; ${KEPT}`, ...log);
  }

  /** Envoy gives variables to new VMs only, so their names are part of a VM's. */
  #pluginOf(text: string): Plugin {
    const environment = valuesOf(keyVariables(text));
    const vmId = ["lictor", this.#generation, ...Object.keys(environment).sort()].join("-");
    return { wasm: modulePath(), configuration: text, vmId, environment };
  }
}
