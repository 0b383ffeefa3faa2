/**
 * A certificate authority and the certificates that workloads show: X.509-SVIDs
 * (https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md) and whatever a test needs beside
 * them. Keys are P-256, everything is PEM.
 */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 24 * 60 * 60 * 1000;

x509.cryptoProvider.set(webcrypto);

/** A certificate with its private key, both PEM. */
export interface Credentials {
  certificate: string;
  privateKey: string;
}

export interface Authority extends Credentials {
  /** Its common name. */
  name: string;
}

/** What a certificate should say; without names it has no subject alternative name. */
export interface CertificateOrder {
  commonName?: string;
  /** URI names in this order, such as `spiffe://cluster.local/ns/shop/sa/web`. */
  uris?: string[];
  dns?: string[];
  ips?: string[];
  /** By default from yesterday to tomorrow. */
  notBefore?: Date;
  notAfter?: Date;
}

/** A self-signed authority, different at every call whatever its name. */
export async function mintAuthority(name = "Lictor test authority"): Promise<Authority> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [name] }],
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { name, certificate: certificate.toString("pem"), privateKey: await privateKeyPem(keys) };
}

/** A leaf certificate of `authority`, for both ends of a TLS connection. */
export async function mintCertificate(authority: Authority, order: CertificateOrder): Promise<Credentials> {
  const keys = await makeKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const names: x509.JsonGeneralName[] = [
    ...(order.uris ?? []).map((value) => ({ type: "url" as const, value })),
    ...(order.dns ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(order.ips ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
    await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
  ];
  if (names.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(names));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [order.commonName ?? "workload"] }],
    issuer: issuer.subject,
    notBefore: order.notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: order.notAfter ?? new Date(Date.now() + DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await importPrivateKey(authority.privateKey),
    extensions,
  });
  return { certificate: certificate.toString("pem"), privateKey: await privateKeyPem(keys) };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return x509.PemConverter.encode(pkcs8, "PRIVATE KEY");
}

function importPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = x509.PemConverter.decodeFirst(pem);
  return webcrypto.subtle.importKey("pkcs8", pkcs8, ALGORITHM, false, ["sign"]);
}

/** A positive serial number of 127 random bits at most (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return Buffer.from(bytes).toString("hex");
}
