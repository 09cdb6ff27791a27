import type { IToken, TokenType } from 'chevrotain';
import { GremlinError, Place } from '../gremlinError';
import { chevrotain } from './chevrotain';
import { Argument, Call } from './syntaxTree';
import { textLiteral } from './textLiteral';
import {
  BadNumeral,
  Close,
  Comma,
  Dot,
  Illegal,
  LEXER,
  Name,
  Numeral,
  Open,
  Text,
  TOKENS,
  UnclosedText,
} from './tokens';

const { EmbeddedActionsParser, EOF } = chevrotain;

/** Deeper nesting means nothing in the language, and would only exhaust the parser's stack. */
const MAXIMUM_NESTING = 10;
/** Both databases hold these exactly. */
const MAXIMUM_DIGITS = 15;

/** The parser says in an error only what it expected; the position and the rest are added where the text is known. */
const EXPECTATIONS = {
  buildMismatchTokenMessage: ({ expected }: { expected: TokenType }) => {
    switch (expected) {
      case Close:
        return 'a value, a comma or ")"';
      case Name:
        return 'a step';
      default:
        return expected.LABEL ?? expected.name;
    }
  },
  buildNotAllInputParsedMessage: () => '"." and a step, or the end',
  buildNoViableAltMessage: () => 'a value',
  buildEarlyExitMessage: () => 'a value',
};

/** What is wrong with a token that no query has. */
function badToken(text: string, token: IToken): GremlinError | undefined {
  const at = placeOf(token);
  switch (token.tokenType) {
    case UnclosedText:
      return new GremlinError({
        text,
        at: { offset: at.offset, length: 1 },
        problem: 'the text that begins here has no end',
        expected: `a closing ${token.image[0]}`,
      });
    case BadNumeral:
      return new GremlinError({
        text,
        at,
        problem: `${shown(token.image)} is not a number`,
        expected: 'digits, with at most one dot between them',
      });
    case Illegal:
      return new GremlinError({
        text,
        at,
        problem: `${shown(token.image)} means nothing in this language`,
      });
    default:
      return undefined;
  }
}

function numberOf(text: string, token: IToken): number {
  if (token.image.replace(/[-.]/g, '').length > MAXIMUM_DIGITS) {
    throw new GremlinError({
      text,
      at: placeOf(token),
      problem: `a number has at most ${MAXIMUM_DIGITS} digits`,
    });
  }
  return Number(token.image);
}

function placeOf(token: IToken): Place {
  return { offset: token.startOffset, length: token.image.length };
}

function shown(image: string): string {
  const short = image.length > 30 ? `${image.slice(0, 30)}…` : image;
  return JSON.stringify(short);
}

/** Names, texts, numbers, parentheses and dots; which steps exist and what they take is decided afterwards. */
class QueryParser extends EmbeddedActionsParser {
  query = this.RULE('query', (): Call[] => {
    const calls = [this.SUBRULE(this.call)];
    this.MANY(() => {
      this.CONSUME(Dot);
      calls.push(this.SUBRULE2(this.call));
    });
    return calls;
  });

  call = this.RULE('call', (): Call => {
    const name = this.CONSUME(Name);
    let list: Argument[] | undefined;
    let close: Place | undefined;
    this.OPTION(() => {
      const found: Argument[] = [];
      this.CONSUME(Open);
      this.MANY(() => {
        this.OR([
          { ALT: () => this.CONSUME(Comma) },
          { ALT: () => found.push(this.SUBRULE(this.argument)) },
        ]);
      });
      close = placeOf(this.CONSUME(Close));
      list = found;
    });
    return {
      form: 'call',
      name: name.image,
      at: placeOf(name),
      arguments: list,
      close,
    };
  });

  argument = this.RULE(
    'argument',
    (): Argument =>
      this.OR([
        {
          ALT: (): Argument => {
            const token = this.CONSUME(Text);
            const value = this.ACTION(() =>
              textLiteral(this.#text, token.image, placeOf(token)),
            );
            return { form: 'text', value, at: placeOf(token) };
          },
        },
        {
          ALT: (): Argument => {
            const token = this.CONSUME(Numeral);
            const value = this.ACTION(() => numberOf(this.#text, token));
            return { form: 'number', value, at: placeOf(token) };
          },
        },
        { ALT: (): Argument => this.SUBRULE(this.chain) },
      ]),
  );

  chain = this.RULE('chain', (): Call => {
    const first = this.SUBRULE(this.call);
    const then: Call[] = [];
    this.MANY(() => {
      this.CONSUME(Dot);
      then.push(this.SUBRULE2(this.call));
    });
    return then.length > 0 ? { ...first, then } : first;
  });

  #text = '';

  constructor() {
    super(TOKENS, {
      recoveryEnabled: false,
      errorMessageProvider: EXPECTATIONS,
    });
    this.performSelfAnalysis();
  }

  read(text: string, tokens: IToken[]): Call[] {
    this.#text = text;
    this.input = tokens;
    const calls = this.query();
    const [error] = this.errors;
    if (error) {
      const bad = badToken(text, error.token);
      if (bad) {
        throw bad;
      }
      const end = error.token.tokenType === EOF;
      throw new GremlinError({
        text,
        at: end ? { offset: text.length, length: 1 } : placeOf(error.token),
        problem: end
          ? 'the query ends too early'
          : `${shown(error.token.image)} does not belong here`,
        expected:
          tokens.length === 0 || error.token === tokens[0]
            ? '"G", with which every query begins'
            : error.message,
      });
    }
    return calls;
  }
}

const PARSER = new QueryParser();

/** The chain of calls that a query consists of. Throws `GremlinError`. */
export function parseCalls(text: string): Call[] {
  const { tokens } = LEXER.tokenize(text);
  let nesting = 0;
  for (const token of tokens) {
    if (token.tokenType === Open && ++nesting > MAXIMUM_NESTING) {
      throw new GremlinError({
        text,
        at: placeOf(token),
        problem: `parentheses are nested more than ${MAXIMUM_NESTING} deep`,
        reason: 'bound',
      });
    }
    if (token.tokenType === Close) {
      nesting--;
    }
  }
  return PARSER.read(text, tokens);
}
