import { describe, expect, it } from 'vitest';
import { mountOf, readMounts } from './machine.ts';

const table = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:25 / /tmp rw,nosuid - tmpfs tmpfs rw,size=1024k
31 22 254:16 / /srv/two\\040words rw - xfs /dev/vdb rw
32 30 254:32 / /tmp rw - ext4 /dev/vdc rw

not a mount`;

describe('where a folder is kept', () => {
  const mounts = readMounts(table);

  it('reads what the system says and leaves out what it cannot read', () => {
    expect(mounts.map(({ at, type, device }) => [at, type, device])).toEqual([
      ['/', 'ext4', '/dev/vda'],
      ['/tmp', 'tmpfs', 'tmpfs'],
      ['/srv/two words', 'xfs', '/dev/vdb'],
      ['/tmp', 'ext4', '/dev/vdc'],
    ]);
  });

  it.each([
    ['/home/jolly', '/dev/vda'],
    ['/tmpfiles', '/dev/vda'],
    ['/srv/two words/data', '/dev/vdb'],
    ['/tmp/x', '/dev/vdc'],
    ['/tmp', '/dev/vdc'],
  ])('%s is on %s', (path, device) => {
    expect(mountOf(path, mounts)?.device).toBe(device);
  });
});
