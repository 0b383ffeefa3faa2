/** What a part of a rule looks at. */
export enum Attribute {
  PRINCIPAL,
  NAMESPACE,
  REQUEST_PRINCIPAL,
  HOST,
  METHOD,
  PATH,
  PORT,
  HEADER,
  AUDIENCE,
  PRESENTER,
  CLAIM,
  SERVER_NAME,
}

/** Whether a part on it asks for an end-user identity, as `token_missing` means it. */
export function isRequestIdentity(attribute: Attribute): bool {
  return (
    attribute == Attribute.REQUEST_PRINCIPAL ||
    attribute == Attribute.AUDIENCE ||
    attribute == Attribute.PRESENTER ||
    attribute == Attribute.CLAIM
  );
}
