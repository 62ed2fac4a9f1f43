import { errorsOf } from '@jolly/contracts/values';

/** What a service of XFS4IoT can refuse. */
export const xfsError = errorsOf({
  XFS_URI_INVALID: {
    cause: 'the address of an XFS4IoT service cannot be used',
    retry: 'no',
    cure: 'write xfs4iot+wss://host:port/xfs4iot/v1.0/Service; ws:// only to this computer, or with ?insecure=yes',
  },
  XFS_LINK_DOWN: {
    cause: 'the service is not connected; nothing was sent',
    retry: 'later',
    cure: 'check that the XFS4IoT services of the cabinet run, and the address in the configuration',
  },
  XFS_LINK_LOST: {
    cause: 'the connection broke before the service said how the command ended',
    retry: 'later',
    cure: 'see the log of the XFS4IoT service',
  },
  XFS_REFUSED: {
    cause: 'the service did not take the command',
    retry: 'later',
    cure: 'see the log of the XFS4IoT service; it may be of another version',
  },
  XFS_SILENT: {
    cause: 'the service did not say in time how the command ended',
    retry: 'later',
    cure: 'start the XFS4IoT service again',
  },
  XFS_NO_SUCH_SERVICE: {
    cause: 'no service there has the interface that this role needs',
    retry: 'later',
    cure: 'see which services the publisher lists, and name the right one in the configuration',
  },
});
