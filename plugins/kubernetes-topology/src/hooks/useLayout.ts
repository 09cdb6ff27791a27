import { useEffect, useRef, useState } from 'react';
import { LayoutEngine } from '../layout/LayoutEngine';
import { Layout, LayoutInput } from '../layout/types';

/**
 * The layout of a drawing. While a new one is found the former stays; nodes that survive keep their place, unless
 * `arrangement` changes: then all is laid out afresh.
 */
export function useLayout(
  input: LayoutInput,
  arrangement: number,
): Layout | undefined {
  const [layout, setLayout] = useState<Layout>();
  const engine = useRef<LayoutEngine | undefined>(undefined);
  const previous = useRef<{ layout?: Layout; arrangement: number }>({
    arrangement,
  });

  useEffect(() => {
    engine.current = LayoutEngine.create();
    return () => {
      engine.current?.close();
      engine.current = undefined;
    };
  }, []);

  const structure = JSON.stringify(input);
  useEffect(() => {
    let stale = false;
    const parsed: LayoutInput = JSON.parse(structure);
    if (parsed.nodes.length === 0) {
      return undefined;
    }
    const known = previous.current;
    engine.current
      ?.layout({
        input: parsed,
        previous: known.arrangement === arrangement ? known.layout : undefined,
      })
      .then(result => {
        if (!stale) {
          previous.current = { layout: result, arrangement };
          setLayout(result);
        }
      });
    return () => {
      stale = true;
    };
  }, [structure, arrangement]);

  return layout;
}
