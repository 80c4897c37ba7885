# SPDX-License-Identifier: Apache-2.0
make_model model.safetensors "{\"kind\":\"thermometer\",\"name\":\"one\",\"thresholds\":\"t\"},
{\"kind\":\"thermometer\",\"name\":\"two\",\"from\":\"input\",\"thresholds\":\"t\"},
{\"kind\":\"lut\",\"from\":[\"one\",\"two\"],\"inputs\":\"i\",\"tables\":\"b\"},$sum,$argmax"
"$LUTGEN" emit model.safetensors --input bits -o out
