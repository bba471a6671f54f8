{{- /* Fails with one line that says what to do, where values are right by the schema and make no
       service together. */}}
{{- define "heliograph.check" -}}
{{- include "heliograph.checkSecrets" . }}
{{- include "heliograph.checkSettings" . }}
{{- include "heliograph.checkTurn" . }}
{{- include "heliograph.checkRedis" . }}
{{- include "heliograph.checkScale" . }}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) }}
{{- fail "ingress.enabled needs ingress.host, the name that clients use" }}
{{- end }}
{{- end }}

{{- define "heliograph.checkSecrets" -}}
{{- if .Values.existingSecret }}
{{- if or .Values.appSecret .Values.appPass }}
{{- fail "existingSecret has APP_SECRET and APP_PASS: leave appSecret and appPass empty" }}
{{- end }}
{{- else if not (and .Values.appSecret .Values.appPass) }}
{{- fail "set existingSecret to a Secret with APP_SECRET and APP_PASS, or set both appSecret and appPass (openssl rand -hex 32)" }}
{{- end }}
{{- end }}

{{- define "heliograph.checkSettings" -}}
{{- $elsewhere := dict
  "APP_SECRET" "set existingSecret, or appSecret"
  "APP_PASS" "set existingSecret, or appPass"
  "APP_PORT" "pods listen on 5000, and service.port is what others use"
  "BASE_PATH" "set basePath"
  "TRUSTED_PROXIES" "set trustedProxies"
  "PROXY_PROTOCOL" "the probes of Kubernetes send no PROXY header, so they would fail"
  "ICE_SERVERS" "set iceServers"
  "TURN_URLS" "set turn.urls"
  "TURN_SECRET" "set turn.existingSecret, or turn.secret"
  "REDIS_URL" "set redis.existingSecret, or redis.url"
  "NODE_ID" "every pod would have the same one; they choose their own" }}
{{- range $name, $_ := .Values.settings }}
{{- with get $elsewhere $name }}
{{- fail (printf "settings.%s cannot be set there: %s" $name .) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "heliograph.checkTurn" -}}
{{- with .Values.turn }}
{{- if and .secret .existingSecret }}
{{- fail "set turn.secret or turn.existingSecret, not both" }}
{{- end }}
{{- $hasSecret := or .secret .existingSecret }}
{{- if and .urls (not $hasSecret) }}
{{- fail "turn.urls needs turn.existingSecret or turn.secret: without it no credential can be made for these servers" }}
{{- else if and $hasSecret (not .urls) }}
{{- fail "turn.secret and turn.existingSecret need turn.urls: it says which servers share the secret" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "heliograph.checkRedis" -}}
{{- with .Values.redis }}
{{- if or (and .url .existingSecret) (and .builtIn.enabled (or .url .existingSecret)) }}
{{- fail "set one of redis.url, redis.existingSecret and redis.builtIn.enabled" }}
{{- end }}
{{- if and .builtIn.enabled (not .builtIn.password) }}
{{- fail "redis.builtIn.enabled needs redis.builtIn.password (openssl rand -hex 32)" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "heliograph.checkScale" -}}
{{- if and (include "heliograph.several" .) (not (include "heliograph.hasRedis" .)) }}
{{- fail "several nodes need a Redis to be one service: set redis.url, redis.existingSecret or redis.builtIn.enabled, or keep replicaCount 1 without autoscaling" }}
{{- end }}
{{- with .Values.autoscaling }}
{{- if .enabled }}
{{- if gt (int .minReplicas) (int .maxReplicas) }}
{{- fail "autoscaling.minReplicas is more than autoscaling.maxReplicas" }}
{{- end }}
{{- if not (dig "requests" "cpu" "" $.Values.resources) }}
{{- fail "autoscaling needs resources.requests.cpu, of which its target is a part" }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
