/** What the tools module tells of one decision (`trace` in `filter/tools`); indexes are the document's. */
export type Truth = "true" | "false" | "unknown";

export interface RulePlace {
  policy: number;
  rule: number;
}

export interface RawField {
  field: string;
  truth: Truth;
}

export interface RawAlternative {
  truth: Truth;
  parts: RawField[];
}

/** One operator of a condition. */
export interface RawCondition {
  condition: number;
  key: string;
  truth: Truth;
}

/** A rule, or one path of a rule whose conditions use names of its paths. */
export interface RawRule extends RulePlace {
  truth: Truth;
  to: RawAlternative[];
  from: RawAlternative[];
  when: RawCondition[];
}

export interface RawTrace {
  /** Whether the request came as far as the policies. */
  asked: boolean;
  decider?: RulePlace;
  nearest?: RulePlace;
  audit?: RulePlace;
  rules: RawRule[];
}
