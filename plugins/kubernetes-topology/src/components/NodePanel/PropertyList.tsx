import { absoluteTime } from '../../model/relativeTime';
import styles from './NodePanel.module.css';

/** A property named `…At` is a moment, milliseconds since the epoch. */
function textOf(name: string, value: unknown): string {
  return typeof value === 'number' && name.endsWith('At') && value > 1e12
    ? absoluteTime(value)
    : String(value);
}

/** Nested values as `parent.child` lines; lists of plain values on one line. */
export function flatProperties(
  properties: { [name: string]: unknown },
  prefix = '',
): [string, string][] {
  return Object.entries(properties).flatMap(([name, value]) => {
    const path = prefix ? `${prefix}.${name}` : name;
    if (value === undefined || value === null || value === '') {
      return [];
    }
    if (Array.isArray(value)) {
      if (value.every(item => typeof item !== 'object' || item === null)) {
        return value.length === 0
          ? []
          : ([[path, value.join(', ')]] as [string, string][]);
      }
      return value.flatMap((item, index) =>
        flatProperties({ [`${name}[${index}]`]: item }, prefix),
      );
    }
    if (typeof value === 'object') {
      return flatProperties(value as { [name: string]: unknown }, path);
    }
    return [[path, textOf(name, value)]] as [string, string][];
  });
}

/** Names and values below each other. */
export function PropertyList(props: {
  properties: { [name: string]: unknown };
}) {
  return (
    <dl className={styles.pairs}>
      {flatProperties(props.properties).map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
