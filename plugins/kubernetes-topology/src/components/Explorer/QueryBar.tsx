import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { Favourite } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { FormEvent, useEffect, useId, useRef, useState } from 'react';
import { topologyApiRef } from '../../api/TopologyApi';
import { queryHistory } from '../../model/queryHistory';
import { topologyTranslationRef } from '../../translation';
import styles from './Explorer.module.css';

/** A query in Skydive's dialect, with favourites and what was asked before at hand. */
export function QueryBar(props: {
  query: string | undefined;
  onAsk(query: string | undefined): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const api = useApi(topologyApiRef);
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(props.query ?? '');
  const [favourites, setFavourites] = useState<readonly Favourite[]>([]);
  const [asked, setAsked] = useState(queryHistory.read);

  useEffect(() => setText(props.query ?? ''), [props.query]);
  useEffect(() => {
    let isGone = false;
    api.favourites().then(
      found => !isGone && setFavourites(found),
      // Without them, queries are typed.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [api]);

  const ask = (query: string) => {
    const trimmed = query.trim();
    setText(trimmed);
    if (trimmed !== '') {
      setAsked(queryHistory.remember(trimmed));
    }
    props.onAsk(trimmed === '' ? undefined : trimmed);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    ask(text);
  };
  return (
    <form className={styles.query} role="search" onSubmit={onSubmit}>
      <label className={styles.queryLabel} htmlFor={`${listId}-text`}>
        {t('explorer.query')}
      </label>
      <input
        ref={input}
        id={`${listId}-text`}
        className={styles.queryText}
        value={text}
        list={listId}
        placeholder="G.V().Has('Type', 'pod', 'Status', 'down')"
        spellCheck={false}
        autoComplete="off"
        onChange={event => setText(event.target.value)}
      />
      <datalist id={listId}>
        {asked.map(query => (
          <option key={query} value={query} />
        ))}
      </datalist>
      <Button type="submit" variant="primary" size="small">
        {t('explorer.ask')}
      </Button>
      {props.query !== undefined && (
        <Button
          variant="tertiary"
          size="small"
          onPress={() => {
            ask('');
            input.current?.focus();
          }}
        >
          {t('explorer.clear')}
        </Button>
      )}
      {favourites.length > 0 && (
        <select
          className={styles.favourites}
          aria-label={t('explorer.favourites')}
          value=""
          onChange={event => ask(event.target.value)}
        >
          <option value="" disabled>
            {t('explorer.favourites')}
          </option>
          {favourites.map(favourite => (
            <option key={favourite.id} value={favourite.query}>
              {favourite.name}
            </option>
          ))}
        </select>
      )}
    </form>
  );
}
