import { TestDatabases } from '@backstage/backend-test-utils';

/** Both engines, the real ones. */
export const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_18'],
});
