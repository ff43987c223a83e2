import { renderDockerfile, renderDockerignore } from "../../generate/dockerfile.ts";
import type { Shipment } from "../shipment.ts";
import { type Step, step, type Target, type Tool } from "../target.ts";

const builder: Tool = {
  names: ["docker", "podman", "buildah"],
  from: "https://docs.docker.com/engine/install/",
};

/** Builds the image from the server's folder alone, and pushes it. */
export const imageSteps = ({ image }: Shipment, platform = "linux/amd64"): Step[] => [
  step(`docker build --platform ${platform} --tag ${image} .`),
  step(`docker push ${image}`),
];

export const container: Target = {
  name: "container",
  title: "Container image",
  files: ({ facts }) => ({
    Dockerfile: renderDockerfile(facts),
    ".dockerignore": renderDockerignore(),
  }),
  tools: [builder],
  pullsImage: true,
  steps: () => [],
};
