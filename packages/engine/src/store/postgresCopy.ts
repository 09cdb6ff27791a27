import { Knex } from 'knex';
import { Query } from 'pg';
import { Row, Upsert } from './bulk';
import { storableJson, storableText } from './postgresJson';

/** What `pg` calls on a query when the server is ready to be copied into; its types leave this out. */
interface CopyConnection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

interface CopyQuery {
  handleCopyInResponse(connection: CopyConnection): void;
}

/** Sends rows by `COPY … FROM STDIN`, within a transaction. */
export async function copyRows(
  trx: Knex.Transaction,
  { table, columns }: Pick<Upsert, 'table' | 'columns'>,
  rows: readonly Row[],
): Promise<void> {
  const isJson = Object.values(columns).map(type => type === 'json');
  const text = Buffer.from(copyText(rows, isJson));
  const client = await trx.client.acquireConnection();
  await new Promise<void>((resolve, reject) => {
    const query: CopyQuery & Query = Object.assign(
      new Query(
        `COPY ${table} (${Object.keys(columns).join(', ')}) FROM STDIN`,
        undefined,
        (error: Error | undefined) => (error ? reject(error) : resolve()),
      ),
      {
        handleCopyInResponse(connection: CopyConnection) {
          connection.sendCopyFromChunk(text);
          connection.endCopyFrom();
        },
      },
    );
    client.query(query);
  });
}

/** Rows in COPY's text format. */
function copyText(rows: readonly Row[], isJson: readonly boolean[]): string {
  let text = '';
  for (const row of rows) {
    for (let nth = 0; nth < row.length; nth++) {
      text += (nth > 0 ? '\t' : '') + copyValue(row[nth], isJson[nth]);
    }
    text += '\n';
  }
  return text;
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

function copyValue(value: unknown, isJson: boolean): string {
  if (value === undefined || value === null) {
    return '\\N';
  }
  if (typeof value !== 'string') {
    return String(value);
  }
  const text = isJson ? storableJson(value) : storableText(value);
  return SPECIAL.test(text)
    ? text.replace(/[\\\t\n\r]/g, character => ESCAPES[character])
    : text;
}
