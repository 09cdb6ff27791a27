import { Sql } from './sql';

/** A value that a field may have, as conditions compare it: at most one of them is not NULL for a stored one. */
export interface Atom {
  text?: Sql;
  /** Numbers, and texts that are whole numbers. */
  number?: Sql;
  /** `'true'` or `'false'`. */
  boolean?: Sql;
}

/** What a path finds in a JSON document: something to put into FROM, and the conditions that belong to it. */
export interface JsonRows {
  from: Sql;
  where: readonly Sql[];
  /** In the document's order. */
  order: readonly Sql[];
}

/** The few things that SQLite and PostgreSQL say differently. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  readonly emptyObject: Sql;
  /** The number that a text is when it is a whole one (at most 15 digits, perhaps a minus), else NULL. */
  wholeNumber(text: Sql): Sql;
  /** The text as JSON. NULL stays NULL. */
  jsonOfText(text: Sql): Sql;
  jsonOfNumber(number: Sql): Sql;
  /** Text of a JSON column. */
  jsonOfDocument(document: Sql): Sql;
  contains(text: Sql, part: string): Sql;
  /** Whether the text is in a JSON list of texts. */
  inJsonList(text: Sql, jsonList: Sql): Sql;
  /** A subquery of the whole numbers in a JSON list. */
  idsOfJsonList(jsonList: Sql): Sql;
  /** A table expression of the lists of three whole numbers in a JSON list: `src`, `rel`, `dst`. */
  edgeKeysOfJsonList(jsonList: Sql): Sql;
  /** A table expression of the texts in a JSON list: `v`, and its `position`. */
  textsOfJsonList(jsonList: Sql): Sql;
  /** To be joined with the row whose JSON list of texts it takes apart. */
  partsOfJsonList(jsonList: Sql): { from: Sql; text: Sql };
  /** An id as a text of always the same length, so that texts sort as ids do. */
  padded(id: Sql): Sql;
  /** Where a text is in another, from 1; 0: nowhere. */
  placeIn(text: Sql, part: Sql): Sql;
  /** The smaller and the greater of two numbers. */
  least(a: Sql, b: Sql): Sql;
  greatest(a: Sql, b: Sql): Sql;
  /** Orders texts by their code points, whatever the database's locale. */
  byCodePoint(text: Sql): Sql;
  /** The label's value, or NULL. */
  label(labels: Sql, key: string): Sql;
  /** `K8s` of the node `n`: name, namespace, labels and properties. */
  kubernetesDocument(): Sql;
  /** The member of an object, NULL when absent; as a document. */
  hasMember(document: Sql, key: string): Sql;
  /** Each value at the path, lists crossed, as JSON text. */
  jsonValues(document: Sql, path: readonly string[]): JsonRows & { json: Sql };
  /** The one value at a path, where the database reads it faster so; unless it is a list. */
  jsonMember?(
    document: Sql,
    path: readonly string[],
  ): { isList: Sql; atom: Atom } | undefined;
  /** Each value at the path, lists crossed and, at the end, taken apart. */
  jsonAtoms(document: Sql, path: readonly string[]): JsonRows & { atom: Atom };
  /** SQLite: bounds the rows of a recursion, since a running statement cannot be stopped there. */
  readonly recursionLimit: boolean;
}
