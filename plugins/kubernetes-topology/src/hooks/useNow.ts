import { useEffect, useState } from 'react';

/** The time, renewed every `interval` milliseconds: relative times stay true. */
export function useNow(interval = 10_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}
