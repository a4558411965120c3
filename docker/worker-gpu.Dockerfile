# A worker that trains on an NVIDIA GPU: @tensorflow/tfjs-node-gpu 4.22 wants CUDA 11.2, cuDNN 8.1,
# a driver newer than 450 and Node 22 at most; it downloads libtensorflow while it is installed. Needs the NVIDIA Container Toolkit.
# Its Ubuntu is too old for the package webgpu (glibc 2.34): for engine webgpu see worker-webgpu.Dockerfile.
# Whether the GPU is found: docker run --rm --gpus all IMAGE node dist/cli.js doctor --require cuda
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY clients ./clients
RUN npm run build

FROM nvidia/cuda:11.2.2-cudnn8-runtime-ubuntu20.04
COPY --from=node:22-slim /usr/local/bin/node /usr/local/bin/node
COPY --from=node:22-slim /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && useradd --uid 1000 --create-home node \
 && mkdir /data && chown node:node /data
ENV NODE_ENV=production HOST=0.0.0.0 MARQUEE_STORE=/data MARQUEE_TENSORFLOW_BACKEND=cuda
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && test -d node_modules/@tensorflow/tfjs-node-gpu
COPY --from=build /app/dist ./dist
COPY docs/examples.json ./docs/
USER node
VOLUME /data
CMD ["node", "dist/cli.js", "work"]
