/** The texts that a lookup found to match, bound as one JSON list when the statement runs. */
export interface Found {
  readonly lookup: number;
}

/** The nodes that a search has reached last, bound as one JSON list each time that its statement runs. */
export interface Frontier {
  readonly frontier: true;
}

/** A value that is bound, never written into a statement. */
export type Binding = string | number | Found | Frontier;

/**
 * A piece of SQL with its bound values. Only templates of this program become SQL text; whatever is interpolated is
 * another piece or a binding. So nothing that a query contains can reach a statement but as a bound value.
 */
export class Sql {
  readonly text: string;
  readonly bindings: readonly Binding[];

  private constructor(text: string, bindings: readonly Binding[]) {
    this.text = text;
    this.bindings = bindings;
  }

  static template(
    strings: readonly string[],
    values: readonly (Sql | Binding)[],
  ): Sql {
    let text = strings[0];
    const bindings: Binding[] = [];
    values.forEach((value, index) => {
      if (value instanceof Sql) {
        text += value.text;
        bindings.push(...value.bindings);
      } else {
        text += '?';
        bindings.push(value);
      }
      text += strings[index + 1];
    });
    return new Sql(text, bindings);
  }

  /** A piece that another stage of the engine made, with a `?` for each binding. */
  static of(piece: { sql: string; bindings: readonly unknown[] }): Sql {
    return new Sql(piece.sql, piece.bindings as Binding[]);
  }

  /** A table expression that another stage of the engine made, with an alias of ours. */
  static table(expression: string, alias: string): Sql {
    return new Sql(`${expression} ${Sql.name(alias).text}`, []);
  }

  /** An alias or the name of a common table expression, made by the compiler. */
  static name(name: string): Sql {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) {
      throw new Error(`${JSON.stringify(name)} is no name of ours`);
    }
    return new Sql(name, []);
  }

  static join(pieces: readonly Sql[], separator: Sql): Sql {
    return new Sql(
      pieces.map(piece => piece.text).join(separator.text),
      pieces.flatMap(piece => piece.bindings),
    );
  }
}

export function sql(
  strings: TemplateStringsArray,
  ...values: (Sql | Binding)[]
): Sql {
  return Sql.template(strings, values);
}

export const TRUE = sql`(1 = 1)`;
export const FALSE = sql`(1 = 0)`;
export const NULL = sql`NULL`;

const COMMA = sql`, `;
const AND = sql` AND `;
const OR = sql` OR `;

export function list(pieces: readonly Sql[]): Sql {
  return Sql.join(pieces, COMMA);
}

export function all(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? TRUE : sql`(${Sql.join(conditions, AND)})`;
}

export function any(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? FALSE : sql`(${Sql.join(conditions, OR)})`;
}

/** For conditions that may be NULL: what is unknown is not true. */
export function not(condition: Sql): Sql {
  return sql`((${condition}) IS NOT TRUE)`;
}

/** A number that the database must take as a whole one, whatever the driver makes of it. */
export function whole(value: number): Sql {
  return sql`CAST(${value} AS bigint)`;
}
