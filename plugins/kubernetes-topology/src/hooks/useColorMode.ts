import { appThemeApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useEffect, useState } from 'react';

/** The portal's theme as React Flow takes it; `system` while the user has chosen none. */
export function useColorMode(): 'light' | 'dark' | 'system' {
  const api = useApi(appThemeApiRef);
  const [id, setId] = useState(() => api.getActiveThemeId());
  useEffect(() => {
    const subscription = api.activeThemeId$().subscribe(setId);
    return () => subscription.unsubscribe();
  }, [api]);
  return (
    api.getInstalledThemes().find(theme => theme.id === id)?.variant ?? 'system'
  );
}
