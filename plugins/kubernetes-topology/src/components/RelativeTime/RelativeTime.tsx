import { useNow } from '../../hooks/useNow';
import { absoluteTime, relativeTime } from '../../model/relativeTime';

/** `5 minutes ago`, with the moment itself as its tooltip. */
export function RelativeTime(props: { at: number }) {
  const now = useNow();
  return (
    <time
      dateTime={new Date(props.at).toISOString()}
      title={absoluteTime(props.at)}
    >
      {relativeTime(props.at, now)}
    </time>
  );
}
