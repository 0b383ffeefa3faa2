/** What the command line is made of, for tests, benchmarks and the demo. */
export {
  bootstrap,
  cluster,
  typed,
  type Bootstrap,
  type Endpoint,
  type Json,
  type JsonObject,
} from "./envoy/bootstrap.ts";
export { ENVOY_VERSION, EnvoyNotFound, findEnvoy, isSupported, type FindEnvoyOptions } from "./envoy/find.ts";
export { listener, parseAccessLine, type AccessLine, type Listener } from "./envoy/listener.ts";
export { discoveredFilter, PLUGIN_NAME, pluginFilter, pushPlugin, type Plugin } from "./envoy/plugin.ts";
export { PEER_ADDRESS_KEY, peerAddress } from "./envoy/peer-address.ts";
export { EnvoyFailed, EnvoyProcess, type EnvoyOptions } from "./envoy/process.ts";
export { pushAndWait, type PushResult } from "./envoy/push.ts";
export { seal, SEAL_KEY } from "./envoy/seal.ts";
export { downstreamTls, upstreamTls, type TlsIdentity } from "./envoy/tls.ts";
export { callerOf, decisionLine, whyOf, type DecisionRecord } from "./decision.ts";
export * from "./mint/index.ts";
export { colors } from "./output.ts";
export { modulePath } from "./policy-file.ts";
export { makeSeal } from "./seal-secret.ts";
export { documentSchema } from "./schema/document.ts";
export { policySchemaText } from "./schema/policy-schema.ts";
export { locate } from "./position.ts";
export { regionOfRefusal } from "./refusal.ts";
export { importIstio, type Imported, type ImportOptions } from "./import/istio.ts";
export { problemLine } from "./import/problem.ts";
export { LINT_RULES, lint } from "./lint/lint.ts";
