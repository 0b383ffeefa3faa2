/**
 * The words (u32) of a compiled rule, which is known by the number of its first word, so that of two
 * rules the one that was written first has the lower number:
 *
 *   rule         policy number, rule index in the document, alternatives of `to`, alternatives of `from`,
 *                then each alternative of `to`, each of `from`, and `when`
 *   alternative  words of all its parts, then the parts
 *   part         flags with the count of atoms above them, attribute and index, [known atom], atoms
 */
export const RULE_HEAD: usize = 16;
export const RULE_INDEX: usize = 4;
export const RULE_TO: usize = 8;

/** In the word of `to`, above the count: the rule is filed under several atoms, and met more than once. */
export const FILED_OFTEN: u32 = 0x80000000;
export const TO_COUNT_MASK: u32 = 0x7fffffff;

/** Fewest words of a rule: its head and an empty `when`. */
export const FEWEST_WORDS_SHIFT: u32 = 2;

export const RULE_FROM: usize = 12;

export const CONJUNCTION_HEAD: usize = 4;

export const PART_HEAD: usize = 8;
export const PART_PLACE: usize = 4;

/** Of a part's first word. */
export const NEGATED: u32 = 1;
export const ALL: u32 = 2;
export const HAS_KNOWN: u32 = 4;
export const ATOM_COUNT_SHIFT: u32 = 8;

/** Of a part's second word: the attribute's number, and above it which condition of `when` it is. */
export const PLACE_SHIFT: u32 = 12;
export const ATTRIBUTE_MASK: u32 = 0xfff;
