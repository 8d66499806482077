import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,services,cli,client,local,analytics,infrastructure,examples}/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '.local/**'],
  },
});
