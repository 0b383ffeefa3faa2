import { typed, type JsonObject } from "./bootstrap.ts";

/** PEM texts of one side. */
export interface TlsIdentity {
  certificateChain: string;
  privateKey: string;
  /** Certificate authorities that the other side's certificate has to come from. */
  trustedCa?: string;
}

/** Mutual TLS where a `trustedCa` is given: no request arrives without a certificate of that authority. */
export function downstreamTls(identity: TlsIdentity): JsonObject {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: typed("envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext", {
      require_client_certificate: identity.trustedCa !== undefined,
      // Of a resumed session Envoy says that its certificate is not valid, so its caller would be refused.
      disable_stateless_session_resumption: true,
      disable_stateful_session_resumption: true,
      common_tls_context: commonContext(identity),
    }),
  };
}

/** The client's side; the server's certificate must come from `trustedCa`. */
export function upstreamTls(identity: TlsIdentity, serverName: string): JsonObject {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: typed("envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext", {
      sni: serverName,
      common_tls_context: commonContext(identity),
    }),
  };
}

function commonContext({ certificateChain, privateKey, trustedCa }: TlsIdentity): JsonObject {
  return {
    tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
    tls_certificates: [
      { certificate_chain: { inline_string: certificateChain }, private_key: { inline_string: privateKey } },
    ],
    ...(trustedCa === undefined ? {} : { validation_context: { trusted_ca: { inline_string: trustedCa } } }),
  };
}
