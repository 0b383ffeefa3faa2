/** What a condition comes to; in this order the least of several is their conjunction. */
export enum Truth {
  FALSE,
  /** It cannot be evaluated: never allows, and denies. */
  UNKNOWN,
  TRUE,
}
