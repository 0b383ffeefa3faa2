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
export { callerOf, decisionLine, whyOf, type DecisionRecord } from "./decision/record.ts";
export * from "./mint/index.ts";
export { colors, printable } from "./output.ts";
export { makeSeal } from "./policy/seal-secret.ts";
export { modulePath, toolsModulePath } from "./repository.ts";
export { conditionTable } from "./schema/condition-table.ts";
export { KEY_FORMS } from "./schema/condition-key.ts";
export { operatorsFor } from "./schema/condition.ts";
export { documentSchema } from "./schema/document.ts";
export { documentMembers } from "./schema/members.ts";
export { policySchemaText } from "./schema/policy-schema.ts";
export { locate } from "./files/position.ts";
export { regionOfRefusal } from "./policy/refusal.ts";
export {
  headerLines,
  propertiesOf,
  timeOf,
  transportOf,
  type RequestOrder,
  type Transport,
} from "./decision/request.ts";
export { traceLines } from "./explain/pretty.ts";
export { withMintedKeys } from "./policy/minted-keys.ts";
export { Coverage, percentOf } from "./test/coverage.ts";
export { junitReport } from "./test/junit.ts";
export { runSuite, type RowResult, type SuiteResult } from "./test/run.ts";
export { ToolsModule } from "./trace/tools-module.ts";
export { placeTrace, type Trace, type TracedRule } from "./trace/trace.ts";
export { readRows, type Expectation, type Row } from "./test/rows.ts";
export { importIstio, type Imported, type ImportOptions } from "./import/istio.ts";
export { problemLine } from "./import/problem.ts";
export { LINT_RULES, lint } from "./lint/lint.ts";
