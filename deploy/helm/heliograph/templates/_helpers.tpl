{{- define "heliograph.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 57 | trimSuffix "-" }}
{{- end }}

{{- define "heliograph.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 57 | trimSuffix "-" }}
{{- else if contains (include "heliograph.name" .) .Release.Name }}
{{- .Release.Name | trunc 57 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "heliograph.name" .) | trunc 57 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "heliograph.redisName" -}}
{{ include "heliograph.fullname" . }}-redis
{{- end }}

{{- define "heliograph.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "heliograph.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- /* The component is added where one is meant: pods of Redis are none of the server's. */}}
{{- define "heliograph.selectorLabels" -}}
app.kubernetes.io/name: {{ include "heliograph.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "heliograph.labels" -}}
{{ include "heliograph.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- /* "true" if there may be several nodes, or else empty. */}}
{{- define "heliograph.several" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicaCount) 1) }}true{{ end }}
{{- end }}

{{- define "heliograph.hasRedis" -}}
{{- with .Values.redis }}{{ if or .url .existingSecret .builtIn.enabled }}true{{ end }}{{ end }}
{{- end }}

{{- /* YAML has numbers that Go would print as 2.68435456e+08, and `on`, which is true. */}}
{{- define "heliograph.setting" -}}
{{- if kindIs "string" . }}{{ . }}
{{- else if kindIs "bool" . }}{{ ternary "on" "off" . }}
{{- else }}{{ int64 . }}
{{- end }}
{{- end }}

{{- /* Which Secret has which secret setting: YAML, the settings' names and the Secrets'. */}}
{{- define "heliograph.secretNames" -}}
{{- $own := include "heliograph.fullname" . -}}
APP_SECRET: {{ default $own .Values.existingSecret }}
APP_PASS: {{ default $own .Values.existingSecret }}
{{- if .Values.turn.urls }}
TURN_SECRET: {{ default $own .Values.turn.existingSecret }}
{{- end }}
{{- if .Values.iceServers }}
ICE_SERVERS: {{ $own }}
{{- end }}
{{- if include "heliograph.hasRedis" . }}
REDIS_URL: {{ default $own .Values.redis.existingSecret }}
{{- end }}
{{- end }}

{{- /* Seconds before SIGTERM, in which proxies learn that the pod goes. A single pod has no other
       to which they could send clients. */}}
{{- define "heliograph.secondsBeforeStop" -}}
{{ ternary 5 0 (eq (include "heliograph.hasRedis" .) "true") }}
{{- end }}

{{- /* Those, SHUTDOWN_TIMEOUT, and as long as systemd gives it beyond that. */}}
{{- define "heliograph.gracePeriod" -}}
{{- $timeout := int64 (default 5000 .Values.settings.SHUTDOWN_TIMEOUT) }}
{{- add (include "heliograph.secondsBeforeStop" . | int) (div (add $timeout 999) 1000) 10 }}
{{- end }}
