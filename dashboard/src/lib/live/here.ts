// Says that a dashboard is open, where no WebSocket does, and hears how it goes.
import { api, OfflineError } from "../api";

const EVERY = 15_000;

export class Here {
  private readonly dashboard = crypto.randomUUID();
  private beating: ReturnType<typeof setInterval> | undefined;

  /** `late`: whether events do not come to Firestore for a while; `offline`: the API is away. */
  constructor(
    private readonly heard: (late: boolean) => void,
    private readonly offline: () => void,
  ) {}

  start(): void {
    this.beat();
    this.beating = setInterval(this.beat, EVERY);
    addEventListener("pagehide", this.leave);
  }

  stop(): void {
    clearInterval(this.beating);
    removeEventListener("pagehide", this.leave);
    this.leave();
  }

  readonly beat = (): void => {
    api.bePresent(this.dashboard).then(
      ({ late }) => this.heard(late),
      (error: unknown) => error instanceof OfflineError && this.offline(),
    );
  };

  private readonly leave = (): void => {
    void api.leave(this.dashboard).catch(() => {});
  };
}
