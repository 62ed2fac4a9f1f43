import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Served by the fleet server under /console/: relative addresses, nothing from another host. */
export default defineConfig({
  base: './',
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 700 },
});
