# A worker that trains on any vendor's GPU through Vulkan (engine webgpu, and TensorFlow.js on WebGPU). On
# NVIDIA it needs the NVIDIA Container Toolkit, which mounts the driver; elsewhere Mesa's, and /dev/dri.
# Whether the GPU is found: docker run --rm --gpus all IMAGE node dist/cli.js doctor --require webgpu
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY clients ./clients
RUN npm run build

FROM node:22-slim
# NVIDIA's Vulkan driver links with X11 and EGL, though it shows nothing.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libvulkan1 libx11-6 libxext6 libegl1 mesa-vulkan-drivers \
 && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production HOST=0.0.0.0 MARQUEE_STORE=/data NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without scripts, or the CUDA package would download TensorFlow, which this image does not use.
RUN npm ci --omit=dev --ignore-scripts && test -d node_modules/webgpu
RUN mkdir /data && chown node:node /data
COPY --from=build /app/dist ./dist
COPY docs/examples.json ./docs/
USER node
VOLUME /data
CMD ["node", "dist/cli.js", "work"]
