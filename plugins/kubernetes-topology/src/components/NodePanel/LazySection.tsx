import { ReactNode, useState } from 'react';
import styles from './NodePanel.module.css';

/** A section that asks for what is in it only when it is opened. */
export function LazySection(props: { title: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className={styles.lazy}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>{props.title}</summary>
      {open && props.children}
    </details>
  );
}
