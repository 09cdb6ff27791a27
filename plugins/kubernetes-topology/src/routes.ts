import { createRouteRef } from '@backstage/frontend-plugin-api';

/** The plugin's page: the health of the clusters. */
export const rootRouteRef = createRouteRef();
