// The microphone: what it hears, how loud it is, and what becomes of it.
export type Trouble = "denied" | "absent" | "unsupported";

const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const LEVEL_EVERY = 60;

export interface Listener {
  /** From 0 to 100, about sixteen times a second while recording. */
  level: (level: number, seconds: number) => void;
}

export function supported(): boolean {
  return typeof MediaRecorder !== "undefined" && Boolean(navigator.mediaDevices?.getUserMedia);
}

export function troubleOf(error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : "";
  return name === "NotFoundError" || name === "NotReadableError" ? "absent" : "denied";
}

export class Recording {
  private readonly pieces: Blob[] = [];
  private readonly recorder: MediaRecorder;
  private readonly context = new AudioContext();
  private readonly analyser: AnalyserNode;
  private readonly timer: ReturnType<typeof setInterval>;
  private counted = 0;
  private since = performance.now();

  private constructor(
    private readonly stream: MediaStream,
    private readonly listener: Listener,
  ) {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32_000 });
    this.recorder.addEventListener("dataavailable", (event) => this.pieces.push(event.data));
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.recorder.start(1_000);
    this.timer = setInterval(() => this.measure(), LEVEL_EVERY);
  }

  /** Asks for the microphone; rejects with what `troubleOf` explains. */
  static async start(listener: Listener): Promise<Recording> {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
    });
    return new Recording(stream, listener);
  }

  get seconds(): number {
    const running = this.recorder.state === "recording" ? performance.now() - this.since : 0;
    return (this.counted + running) / 1_000;
  }

  pause(): void {
    this.counted = this.seconds * 1_000;
    this.recorder.pause();
  }

  resume(): void {
    this.since = performance.now();
    this.recorder.resume();
  }

  /** Ends it, and gives what was recorded. */
  async finish(): Promise<File> {
    if (this.recorder.state !== "inactive") {
      await new Promise((resolve) => {
        this.recorder.addEventListener("stop", resolve, { once: true });
        this.recorder.stop();
      });
    }
    this.close();
    const [type = "audio/webm"] = this.recorder.mimeType.split(";");
    return new File(this.pieces, `voice.${type.split("/")[1]}`, { type });
  }

  /** Ends it, and forgets it. */
  drop(): void {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.close();
  }

  private measure(): void {
    if (this.recorder.state !== "recording") return;
    const samples = new Float32Array(this.analyser.fftSize);
    this.analyser.getFloatTimeDomainData(samples);
    const loudness = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
    // Speech is between -50 and -10 dB.
    const decibels = 20 * Math.log10(Math.max(loudness, 1e-5));
    this.listener.level(Math.round(Math.min(100, Math.max(0, (decibels + 55) * 2.2))), this.seconds);
  }

  private close(): void {
    clearInterval(this.timer);
    for (const track of this.stream.getTracks()) track.stop();
    if (this.context.state !== "closed") void this.context.close();
  }
}
