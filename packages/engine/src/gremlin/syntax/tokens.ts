import { chevrotain } from './chevrotain';

const { createToken, Lexer } = chevrotain;

/**
 * A pattern as chevrotain's custom matcher: under jest its `instanceof RegExp` does not know a test's RegExp, which is
 * of another realm.
 */
function pattern(source: RegExp) {
  const sticky = new RegExp(source, 'y');
  return (text: string, offset: number): [string] | null => {
    sticky.lastIndex = offset;
    const found = sticky.exec(text);
    return found && [found[0]];
  };
}

/** Names of steps and predicates, and the words TRUE, FALSE, ASC and DESC; which is which is not the lexer's matter. */
export const Name = createToken({
  name: 'Name',
  label: 'a name',
  pattern: pattern(/[A-Za-z_][A-Za-z0-9_]*/),
  line_breaks: false,
});

export const Text = createToken({
  name: 'Text',
  label: 'a text in quotes',
  pattern: pattern(/'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/),
  line_breaks: true,
});

export const Numeral = createToken({
  name: 'Numeral',
  label: 'a number',
  pattern: pattern(/-?[0-9]+(?:\.[0-9]+)?(?![\w.])/),
  line_breaks: false,
});

export const Open = createToken({
  name: 'Open',
  label: '"("',
  pattern: pattern(/\(/),
  line_breaks: false,
});
export const Close = createToken({
  name: 'Close',
  label: '")"',
  pattern: pattern(/\)/),
  line_breaks: false,
});
export const Comma = createToken({
  name: 'Comma',
  label: 'a comma',
  pattern: pattern(/,/),
  line_breaks: false,
});
export const Dot = createToken({
  name: 'Dot',
  label: '"."',
  pattern: pattern(/\./),
  line_breaks: false,
});

const Space = createToken({
  name: 'Space',
  pattern: pattern(/\s+/),
  group: Lexer.SKIPPED,
  line_breaks: true,
});

// The lexer knows wrong input by name, so that it never fails and the error can say what it is.
export const UnclosedText = createToken({
  name: 'UnclosedText',
  pattern: pattern(/['"][\s\S]*/),
  line_breaks: true,
});
export const BadNumeral = createToken({
  name: 'BadNumeral',
  pattern: pattern(/-?[0-9][\w.]*/),
  line_breaks: false,
});
export const Illegal = createToken({
  name: 'Illegal',
  pattern: pattern(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S]/),
  line_breaks: true,
});

export const TOKENS = [
  Space,
  Name,
  Text,
  Numeral,
  Open,
  Close,
  Comma,
  Dot,
  UnclosedText,
  BadNumeral,
  Illegal,
];

export const LEXER = new Lexer(TOKENS, {
  positionTracking: 'onlyOffset',
  ensureOptimizations: false,
});
